"""The colours of a picture: hand-picked skies per time of day, moved a little by the seed and by what was asked for."""

from dataclasses import dataclass, replace

import numpy as np

from local.models.render.colour import Colour, hexes, lean, lightness, mix, shift, to_lab
from local.models.render.noise import Dice


@dataclass(frozen=True)
class Palette:
    """Sky from the zenith to the horizon, haze of the far land, the near land, the light, three accents."""

    sky: tuple[Colour, ...]
    haze: Colour
    near: Colour
    glow: Colour
    accents: tuple[Colour, ...]
    night: bool = False
    disc: Colour | None = None  # the sun, where it is not of the light's own colour

    def land(self, depth: float) -> Colour:
        """Give the colour of land: depth 0 at the horizon, 1 at our feet."""
        return mix(self.haze, self.near, min(max(depth, 0.0), 1.0))

    def lit(self, colour: Colour, depth: float = 1.0) -> Colour:
        """Give a thing's own colour as this light shows it at a depth."""
        if self.night:
            colour = shift(mix(colour, self.near, 0.28), light=-0.04, chroma=0.85)
        else:
            colour = mix(colour, self.glow, 0.1)
        return mix(self.haze, colour, 0.25 + 0.75 * depth)

    @property
    def pale(self) -> Colour:
        """Give the lightest colour there is: snow, foam, a sail."""
        return mix(self.glow, (1.0, 1.0, 1.0), 0.45)

    @property
    def dark(self) -> Colour:
        """Give the darkest colour there is."""
        return shift(self.near, light=-0.1)


def _palette(sky: str, rest: str, accents: str, *, night: bool = False) -> Palette:
    haze, near, glow = hexes(rest)
    return Palette(hexes(sky), haze, near, glow, hexes(accents), night)


PALETTES: dict[str, tuple[Palette, ...]] = {
    "dawn": (
        _palette("3a4a86 8582b5 e6a9ae ffd8b8 fff0d4", "e3b4b4 232a50 fff3d9", "ef7b6c f6c177 4f7cac"),
        _palette("5b7fa6 a5b8c8 f3cfc0 fbe3cf", "dcc4c0 2f3a55 fff1dc", "d9776f e8b07a 5f8ea0"),
    ),
    "day": (
        _palette("2e86c9 6db7e4 b5dff0 e9f6f2", "b4d9e4 16474f fffbe8", "f25f4c ffb84c 2a9d8f"),
        _palette("3fa7b5 86cfc9 cdebd9 fbf3da", "b9dccb 1f4a4a fff6d6", "ef6f53 f4b942 20808d"),
        _palette("4c8fd6 9ac4ee d6e6f5 fdf2e3", "bcd0e2 27405f fffaf0", "e4572e ffc857 3a6ea5"),
    ),
    "golden": (
        _palette("d98a45 f0b05f f9d48a fdeebf", "efc27f 4a2a1e fff2c4", "d1495b edae49 00798c"),
        _palette("6d8fa8 b9b8a0 f2cf8f ffe3a8", "dcbb86 3d3226 fff0c2", "c8553d f2a65a 588b8b"),
    ),
    "sunset": (
        _palette("2b1b55 73306f d4526a f98b5b ffcf7d", "d9657a 1c1236 ffe3a1", "ff6b6b ffc15e 5f4bb6"),
        _palette("43305f a84a6b ee7462 fbb26a ffe3a0", "e08a70 2a1a38 fff0b8", "f25c54 f7b267 6d597a"),
        _palette("1f3a5f 5c5f8c c97b84 f4a774 fcd9a0", "c98f88 172338 ffecc0", "e76f51 f4a261 2a9d8f"),
    ),
    "dusk": (
        _palette("131b46 3b3b80 8a5aa3 e08fa3 f9c6a5", "9a78aa 10122e ffe6d0", "f28482 f6bd60 84a5ff"),
        _palette("1b2f4f 3a5a80 7d8fb0 cfa9b4 f3cfb8", "8d97b4 12203a ffe9cf", "e5989b ffcdb2 6d9dc5"),
    ),
    "night": (
        _palette("050a22 0d1b45 1c3970 3f6697", "35588c 060b1e f6f0d8", "ffd27d f28f6b 6fc3df", night=True),
        _palette("0a0820 21174f 3f2f7d 6f579f", "54479a 0b0820 fbeed6", "ffcf70 f2789f 7de2d1", night=True),
        _palette("04151f 0b3140 1b5561 4a8a87", "397a7d 04151a f4f3d4", "ffd68a ef8a62 8fe3cf", night=True),
    ),
    "storm": (_palette("232b38 46535f 7d8a8f b7bdb6", "8c999c 1b242c eef0e0", "e0b354 c8553d 5f8ea0"),),
    "mist": (
        _palette("b7c9c9 d2dcd3 ece9da f7f1e2", "d3d9cd 33524f fffdf2", "cf6f5b e0b064 5e8c85"),
        _palette("b9bccb d3d1d8 ebe2dd f8efe4", "d3cfd3 3c4058 fffaf2", "c8708a e0b58a 6a7fa8"),
    ),
    "winter": (
        _palette("5f8fbd a3c4de d9e6ee f7efe8", "c9d9e6 3a5675 fffaf3", "d9534f f2b84b 3c7aa8"),
        _palette("8a8fc0 bdb9da ead3dc fbe7dc", "cfc8dc 3f4870 fff6ee", "d8576b f0b67f 5f7fbf"),
    ),
    "autumn": (
        _palette("7fa3b0 bcc9b8 f1dcae fbebc8", "e0c08c 4a2318 fff2d0", "d1462f f2a33c 8a9a3b"),
        _palette("c97b4a e8ab6a f6d59b fcedcb", "dfa066 3d1d18 fff0cc", "b3382c eb9a2d 6b7a35"),
    ),
    "spring": (
        _palette("8fc5e8 bfe0ee f6dfe6 fdf1e6", "cfdfd0 35604f fffaf0", "f078a0 f9c74f 6fb98f"),
        _palette("a8c8ec d9d8f0 fbdde2 fff2e2", "d6d8dc 4a5f6e fffaf2", "e86a92 f7b2bd 5fa8a0"),
    ),
    "neon": (
        _palette("07021f 220b57 6a1080 d61f8d ff6f61", "6a1b8a 0a0324 ffe066", "00f0ff ff2fb9 ffe066", night=True),
        _palette("020c1f 062a50 0a5c7c 14b8a6 9af2c0", "0f6f86 020a1c f0ffb0", "ff3d81 00e5ff f9f871", night=True),
    ),
    "ink": (
        replace(
            _palette("d9d4c7 e6e1d4 efebdf f4f0e4", "d6d2c6 1c1c1e fbf8ee", "b2281f 5c5a55 8a867c"),
            disc=(0.78, 0.14, 0.1),
        ),
    ),
    "space": (
        _palette("03030f 0a0a26 15123f 241a55", "2f2566 05040f fff2d8", "ff8a5b ffd166 58c4dd", night=True),
        _palette("02060f 07182b 0d2b45 13415c", "1d5170 02060d f3f6e0", "ef6f6c f9c784 7ae7c7", night=True),
    ),
    "deep": (_palette("7fd6d2 3aa7b5 14708f 0b3f66", "2d8ba3 062338 f2fff2", "ff7f6b ffd166 f28fb0"),),
    "sand": (
        _palette("4a90b8 9cc3cd f0dcb8 fbe7c4", "e9bd8d 7a3820 fff3d6", "c8482f f2b134 2f6f7e"),
        _palette("e58a5a f2ae78 f8d2a0 fdeac8", "eab083 6e2c22 fff0cc", "b53a2d f0a43a 4a6d7c"),
    ),
}


OUTDOORS = ("dawn", "day", "golden", "sunset", "dusk", "night", "mist", "winter", "autumn", "spring")
NEAREST = 3  # palettes that a seed picks from when a colour is asked for


def choose_palette(times: tuple[str, ...], tints: tuple[Colour, ...], dice: Dice) -> Palette:
    """Pick a palette of one of these times of day, lean it towards the tints, and turn it a little by the seed."""
    rng = dice.of("palette")
    if tints:
        near = sorted(_candidates(times), key=lambda palette: -_likeness(palette, tints[0]))[:NEAREST]
        return tint(near[int(rng.integers(len(near)))], tints)
    choices = PALETTES[str(rng.choice(times))]
    palette = choices[int(rng.integers(len(choices)))]
    return palette if palette.disc else _turn(palette, float(rng.normal(0, 5)), float(rng.uniform(0.92, 1.1)))


def _candidates(times: tuple[str, ...]) -> list[Palette]:
    """Give all palettes of these times; where several times would do, those of any time outdoors too."""
    names = dict.fromkeys((*times, *OUTDOORS) if len(times) > 1 else times)
    return [palette for name in names for palette in PALETTES[name]]


def _likeness(palette: Palette, wanted: Colour) -> float:
    """Tell how much of a colour there is in a palette's sky and haze."""
    _, a, b = to_lab(np.array(wanted))
    parts = to_lab(np.array([palette.haze, *palette.sky[1:-1]]))
    return float((parts[:, 1] * a + parts[:, 2] * b).mean())


def _turn(palette: Palette, hue: float, chroma: float) -> Palette:
    def turn(colour: Colour) -> Colour:
        return shift(colour, chroma=chroma, hue=hue)

    return replace(
        palette, sky=tuple(turn(colour) for colour in palette.sky), haze=turn(palette.haze), near=turn(palette.near)
    )


def tint(palette: Palette, tints: tuple[Colour, ...]) -> Palette:
    """Lean a palette towards colours that were asked for, keeping each part as light as it was."""
    if not tints:
        return palette

    sky = tuple(lean(colour, tints[at % len(tints)], 0.55) for at, colour in enumerate(palette.sky))
    accents = tuple(mix(colour, tints[at % len(tints)], 0.6) for at, colour in enumerate(palette.accents))
    haze, near = lean(palette.haze, tints[0], 0.55), lean(palette.near, tints[-1], 0.4)
    return replace(palette, sky=sky, haze=haze, near=near, accents=accents)


def ground_tint(palette: Palette, colour: Colour, share: float = 0.5) -> Palette:
    """Give the palette with land of a colour of its own (green, sand), as this light shows it."""
    target = shift(colour, light=(lightness(palette.near) - lightness(colour)) * 0.75)
    far = shift(colour, light=lightness(palette.haze) - lightness(colour), chroma=0.6)
    return replace(palette, near=mix(palette.near, target, share), haze=mix(palette.haze, far, share * 0.35))


def shuffled_accents(palette: Palette, rng: np.random.Generator) -> list[Colour]:
    """Give the accents in an order of the seed."""
    return [palette.accents[at] for at in rng.permutation(len(palette.accents))]
