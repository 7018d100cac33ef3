"""A proxy that makes an ERP misbehave: seeded, replayable, for any connector and any host's own tests.

    with serve(sandbox) as upstream, FaultProxy(upstream, Plan(seed=7, rates={"drop_after": 0.05})) as proxy:
        erp = anyerp.connect("acme", settings={"base_url": proxy.base_url, ...}, credentials=...)
        ...
    print(proxy.struck)               # what was done to which request
    Plan.again(proxy.struck)          # the same once more, request by request

What each kind of fault does stands in `anyerp.testing.fault.plan.Kind`.
"""

from anyerp.testing.fault.plan import Kind, Plan, Strike
from anyerp.testing.fault.proxy import FaultProxy

__all__ = ["FaultProxy", "Kind", "Plan", "Strike"]
