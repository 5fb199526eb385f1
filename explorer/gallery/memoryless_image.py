"""The plain one-to-one case: a whole image in, a digit out, and no time at all."""

from __future__ import annotations

from explorer.captions import percent, sentence, spoken
from explorer.gallery.common import choose_model, models_of, score_line
from explorer.gallery.digit_stage import answered, choose_image, digit_arrays, digit_panel
from explorer.gallery.memoryless_nets import group_of_pair
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, plain_spec
from explorer.players.stage import opening_cursor, show_stage

HEIGHT = 440


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    model = choose_model(models_of("digit-image"), texts, "feed_image")
    if model is None:
        return
    answer = answered(model.id, choose_image(texts), texts)
    said = sentence(
        texts("memoryless.image_caption"),
        number=answer.number,
        label=answer.label,
        probability=percent(max(answer.probabilities)),
        truth=answer.truth,
        verdict=texts("digit.right" if answer.label == answer.truth else "digit.wrong"),
        numbers=f"{model.parameters:,}",
    )
    panels = [
        caption_panel("a", said),
        digit_panel("b", answer, spoken(said), whole=True),
    ]
    group = group_of_pair("image", model.id, answer.number)
    spec = plain_spec(
        panels,
        Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=[str(answer.number)],
        units=1,
        cursor=opening_cursor("memoryless", group),
    )
    show_stage(pack(digit_arrays(answer), spec), group=group, key="stage-image")
    score_line(model, texts)
