"""Why a plan is as it is: what sets the time, what would help, and why each building goes where it goes."""

from civdef.evacuate.why.explain import explain
from civdef.evacuate.why.result import WhyResult

__all__ = ["WhyResult", "explain"]
