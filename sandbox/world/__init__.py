"""The world: believable companies whose customers order, pay, pay late, dispute and go bust as the days pass.

Acts only through `sandbox.company.SandboxCompany`, as a bookkeeper would, on the sandbox clock. `World` lives the days,
`businesses` says who trades in what, `habits` how customers pay, `demo` sets the stage for a visitor.
"""

from sandbox.world.world import World

__all__ = ["World"]
