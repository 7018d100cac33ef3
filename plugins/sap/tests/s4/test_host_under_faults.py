"""A host works through faults: whatever it is told of a record is what the system has, at every step."""

from __future__ import annotations

import pytest
from anyerp.connection import Connection
from anyerp.errors import AnyErpError, Conflict, OutcomeUnknown
from anyerp.testing.sandbox import Call, Once, lose_after, lose_before
from anyerp_sap.sandbox import faults
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

STRIKES = {
    "lost before": lose_before,
    "lost after": lose_after,
    "dump after commit": faults.dump_after_commit,
    "overloaded": faults.overloaded("0"),
    "overloaded, no word of when": faults.overloaded(),
    "throttled": faults.throttled("0"),
    "throttled, no word of when": faults.throttled(None),
}
strikes = st.lists(st.tuples(st.sampled_from(sorted(STRIKES)), st.booleans(), st.integers(1, 3)), max_size=3)
WORDS = st.text("ABCDEFGH", min_size=1, max_size=6)


def is_write(call: Call) -> bool:
    return call.method != "GET"


def is_read(call: Call) -> bool:
    return call.method == "GET"


class Believed:
    """What the host knows of one order: whether it is there, and which texts its reference may have."""

    def __init__(self, outcome, id=None, texts=("",)):
        self.outcome, self.id, self.texts = outcome, id, set(texts)


class Host(RuleBasedStateMachine):
    """`orders` is what the host believes, by key."""

    make: object
    say: object

    def __init__(self):
        super().__init__()
        self.system = type(self).make()
        self.before = {row["PurchaseOrder"] for row in self.rows()}
        self.orders: dict[str, Believed] = {}
        self.connections: list[Connection] = []
        self.restarted()

    def rows(self):
        return self.system.sandbox.world.store.rows("A_PurchaseOrder")

    def struck(self, planned):
        self.system.sandbox.faults[:] = [
            Once(STRIKES[name], is_write if writes else is_read, times=times) for name, writes, times in planned
        ]

    def order(self, key):
        return type(self).say.order(external_reference=key, vendor_reference=key[:6])

    def learn(self, key, outcome, id):
        self.orders[key] = Believed(outcome, id, {key[:6]})

    @rule()
    def restarted(self):
        """The host is started anew: nothing is remembered but what it wrote down."""
        self.connections.append(self.system.connect())
        self.erp = self.connections[-1]

    @rule()
    def sessions_end(self):
        self.system.sandbox.expire_sessions()

    @rule(number=st.integers(0, 5), planned=strikes)
    def creates(self, number, planned):
        """Once, or once more with the same key."""
        self.struck(planned)
        key = f"ONE{number}"
        known = self.orders.get(key)
        try:
            done = self.erp.purchase_orders.create(self.order(key), key=key)
        except OutcomeUnknown:
            if known is None or known.outcome != "applied":
                self.learn(key, "unknown", None)
        except AnyErpError:
            if known is None:
                self.learn(key, "not_applied", None)
            # One that was unknown before stays so: the look for it failed.
        else:
            if known is not None and known.outcome == "applied":
                assert done.record.id == known.id
            else:
                self.learn(key, "applied", done.record.id)

    @rule(first=st.integers(0, 20), count=st.integers(1, 12), size=st.integers(1, 5), planned=strikes)
    def creates_many(self, first, count, size, planned):
        self.struck(planned)
        keys = [f"MANY{number}" for number in range(first, first + count)]
        report = self.erp.purchase_orders.create_many([self.order(key) for key in keys], batch_size=size)
        assert [one.key for one in report] == keys
        for one in report:
            known = self.orders.get(one.key)
            if known is not None and known.outcome == "applied":
                assert one.outcome != "applied" or one.id == known.id
            elif known is None or known.outcome == "not_applied" or one.outcome == "applied":
                self.learn(one.key, one.outcome, one.id)

    @precondition(lambda self: any(one.outcome == "applied" for one in self.orders.values()))
    @rule(data=st.data(), text=WORDS, planned=strikes)
    def updates(self, data, text, planned):
        key = data.draw(st.sampled_from(sorted(k for k, v in self.orders.items() if v.outcome == "applied")))
        known = self.orders[key]
        record = type(self).say.order().model_validate({"id": known.id, "vendor_reference": text})
        self.struck(planned)
        try:
            self.erp.purchase_orders.update(record)
        except OutcomeUnknown:
            known.texts.add(text)
        except AnyErpError:
            pass
        else:
            known.texts = {text}

    @precondition(lambda self: any(one.outcome == "applied" for one in self.orders.values()))
    @rule(data=st.data(), text=WORDS)
    def is_too_late(self, data, text):
        """Somebody else changes an order that the host has read: its own change must not go over it."""
        key = data.draw(st.sampled_from(sorted(k for k, v in self.orders.items() if v.outcome == "applied")))
        self.struck([])
        mine = self.erp.purchase_orders.get(self.orders[key].id)
        self.system.clock.advance(seconds=1)
        self.system.sandbox.touch(mine.id)
        with pytest.raises(Conflict):
            self.erp.purchase_orders.update(mine.model_copy(update={"vendor_reference": text}))

    @invariant()
    def the_system_and_the_host_agree_record_by_record(self):
        there: dict[str, list[dict]] = {}
        for row in self.rows():
            if row["PurchaseOrder"] not in self.before:
                there.setdefault(row["CorrespncExternalReference"], []).append(row)
        assert set(there) <= set(self.orders), "an order that no outcome speaks of"
        for key, known in self.orders.items():
            found = there.get(key, [])
            assert len(found) <= 1, f"{key} is there {len(found)} times"
            if known.outcome == "applied":
                assert [row["PurchaseOrder"] for row in found] == [known.id]
                assert found[0]["SupplierQuotationExternalID"] in known.texts
            elif known.outcome == "not_applied":
                assert not found, f"{key} is called not applied, and is there"

    def teardown(self):
        """When all is quiet, everything that was unknown is settled by asking once more."""
        self.struck([])
        for key, known in self.orders.items():
            if known.outcome != "applied":
                self.learn(key, "applied", self.erp.purchase_orders.create(self.order(key), key=key).record.id)
        self.the_system_and_the_host_agree_record_by_record()
        for connection in self.connections:
            connection.close()


def test_the_system_and_the_host_agree_whatever_happens_on_the_way(make, say):
    machine = type("HostOfThisTest", (Host,), {"make": staticmethod(make), "say": say})
    if settings.get_current_profile_name() == "quick":
        chosen = settings(max_examples=40, stateful_step_count=25, phases=[Phase.explicit, Phase.generate])
    else:
        chosen = settings(max_examples=1_000, stateful_step_count=40)
    run_state_machine_as_test(machine, settings=chosen)
