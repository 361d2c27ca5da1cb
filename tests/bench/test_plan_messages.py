"""What crosses the pipe comes out as it went in."""

from __future__ import annotations

import pytest

from mmviz.bench import messages
from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.crossing import MOST_TOLD
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import (
    MOST_INNER,
    MOST_VALUES,
    Checked,
    Compared,
    Estimate,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    Sensing,
    Started,
    decode,
    encode,
)
from mmviz.bench.plan import BenchPlan
from mmviz.bench.sensed import Sensed
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.text import N_, P_, Text, own

MESSAGES: list[Message] = [
    Started(read_machine()),
    Phase("numpy", 1, "warming"),
    Samples("numpy", 128, [1e-6, 0.25], 40),
    Estimate("loop", 128, 217.5, 0.009),
    Checked("numpy", 1, 3e-7),
    Sensing("cupy", 1, Sensed(gpu_power_w=71.5, missing={"cpu_power_w": own("the kernel's own")})),
    Failed("cupy", 1, Text(N_("out of memory"))),
    Failed("cupy", 1, Text(N_("not compared with float64: {reason}"), reason=own("a 'line' {x}"))),
    Compared(([1e-3], []), own("it broke")),
    Progress(0.5),
    Progress(0.5, Text(N_("{shape:shape} in {dtype}"), shape=(1, 2, 3), dtype="float32")),
    Progress(0.5, Text(P_("{n:group} thread", "{n:group} threads"), n=3)),
    Finished(),
]


UNSOUND = (b"1e308", b"-1e-9", b"1e999", b"NaN", b"null", b"1000000001")


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_messages(message: Message) -> None:
    line = encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == message


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"hello\n", b"{}\n", b'{"type":"samples"}\n', b"\xff\n"),
        b'{"type":"failed","backend":"numpy","batch":1,"reason":"a sentence"}\n',
        b'{"type":"progress","done":0.5,"doing":{"msgid":"{x:shape}","many":"","values":[["x",3]]}}',
        b'{"type":"progress","done":0.5,"doing":{"msgid":"{x}","many":"","values":[["y",3]]}}',
        b'{"type":"failed","backend":"n","batch":1,"reason":{"msgid":"\\u001b[2J","many":"",'
        b'"values":[]}}',
        b'{"type":"progress","done":1,"doing":{"msgid":"{x}","many":"","values":[["x",'
        b'{"msgid":"\\u202e","many":"","values":[]}]]}}',
        b'{"type":"progress","done":0.5,"doing":{"msgid":"{x:99999}","many":"","values":[["x",3]]}}',
        *(b'{"type":"samples","backend":"numpy","batch":1,"seconds":[%s]}' % s for s in UNSOUND),
        *(b'{"type":"compared","seconds":[[1],[%s]]}' % s for s in UNSOUND),
        b'{"type":"samples","backend":"numpy","batch":1,"seconds":[1],"passes":99999999999999}',
        b'{"type":"samples","backend":"n","batch":1,"seconds":[1],"load":{"wall_s":1e308}}',
        b'{"type":"estimate","backend":"numpy","batch":1,"seconds":1e31,"fraction":0.5}',
        b'{"type":"estimate","backend":"numpy","batch":1,"seconds":1,"fraction":2}',
        b'{"type":"phase","backend":"numpy","batch":1,"phase":"dreaming"}',
        *(
            b'{"type":"sensing","backend":"n","batch":1,"sensed":{%s}}' % told
            for told in (
                b'"gpu_power_w":-1',
                b'"host_peak_bytes":1e19',
                b'"throttle":["{x}\\u001b"]',
                b'"throttle":[%s]' % b",".join([b'"x"'] * 99),
                b'"missing":{"what":{"msgid":"x","many":"","values":[]}}',
            )
        ),
        b'{"type":"checked","backend":"numpy","batch":1,"max_error":-1}',
        b'{"type":"failed","backend":"numpy","batch":1,"reason":{"msgid":"%s","many":"",'
        b'"values":[["x",1]]}}' % (b"x" * (MOST_TOLD + 1)),
        b'{"type":"started","machine":{"cpu":"%s","cores":1,"logical_cores":1,"memory":1,'
        b'"system":"","variables":{},"versions":{}}}' % (b"x" * MOST_TOLD),
        b'{"type":' + b"[" * 9_000 + b"]" * 9_000 + b"}",
        b'{"type":"progress","done":0.5,"doing":{"msgid":"{x}","many":"","values":[["x",{"a":1}]]}}',
    ],
)
def test_what_is_no_message(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(line)


def test_what_is_dear_to_decode_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(messages, "_decoder")
    for line in (b"[" * (MOST_INNER + 1), b"," * (MOST_VALUES + 1), b'{"a":' * (MOST_INNER + 1)):
        with pytest.raises(ValueError, match="more values than a message has"):
            decode(line)


def test_progress_is_a_share() -> None:
    assert [Progress(x).done for x in (-1.0, 0.5, 1 + 1e-12)] == [0, 0.5, 1]


def test_a_plan_of_brackets() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        decode_plan(b'{"type":' + b"[" * 20_000)


def test_plans() -> None:
    given = Network("é", 2, (Dense(1, "tanh", "a", ((0.1,), (1e-30,)), (2.0,)),), ((1.0, 2.0),))
    for network in (from_widths((3, 2)), given):
        plan = BenchPlan(network=network, batches=(1, 128), backends=("numpy",), training=True)
        line = encode_plan(plan)
        assert line.count(b"\n") == 1
        assert decode_plan(line) == plan
