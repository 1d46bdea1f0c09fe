"""What several scenes do alike."""

from local.models.render.stage import Spot, Stage


def light_aside(stage: Stage, horizon: float, low: float = 0.35, high: float = 0.65) -> None:
    """Set the horizon, and the sun over it on one of the thirds, so high (shares of the horizon's height)."""
    rng = stage.dice.of("light")
    stage.horizon = horizon
    stage.sun = (stage.w * float(rng.choice([0.27, 0.35, 0.65, 0.73])), horizon * float(rng.uniform(low, high)))
    stage.sun_radius = float(rng.uniform(0.05, 0.115))


def subject_spot(stage: Stage, y: float, size: float, depth: float = 1.0) -> None:
    """Put the subject on the third across from the sun, with its feet at y."""
    side = 0.36 if stage.sun[0] > stage.w / 2 else 0.64
    stage.spot = Spot(stage.w * side, y, size, depth, (stage.w * side, stage.horizon * 0.42))
