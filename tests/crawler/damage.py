"""Bytes as a bad line or disk leaves them."""

from hypothesis import strategies as st


@st.composite
def damaged(draw, whole, pieces):
    """`whole`, up to eight places cut out or overwritten, at times by one of `pieces`, maybe cut short."""
    body = bytearray(whole)
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        body[start:end] = draw(st.binary(max_size=12) | st.sampled_from(pieces))
    return bytes(body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body)
