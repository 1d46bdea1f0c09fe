"""The words that the renderer knows."""

from local.models.render.colour import Colour, hexes


def _table(**entries: str) -> dict[str, str]:
    """Turn ``name="word other two_words"`` into word → name."""
    return {word.replace("_", " "): name for name, words in entries.items() for word in words.split()}


def _colours(text: str) -> dict[str, Colour]:
    pairs = (pair.split("=") for pair in text.split())
    return {name: hexes(value)[0] for name, value in pairs}


TIMES = _table(
    dawn="dawn sunrise daybreak morning",
    day="day noon midday daytime sunny bright summer clear_sky",
    golden="golden golden_hour afternoon warm sepia honey",
    sunset="sunset sundown evening",
    dusk="dusk twilight gloaming blue_hour violet_hour",
    night="night midnight moonlight moonlit moon starry stars nocturnal nocturne aurora northern_light "
    "firefly fireflies",
    storm="storm stormy thunderstorm tempest typhoon hurricane thunder lightning rain rainy grey gray gloomy moody",
    mist="mist misty fog foggy haze hazy calm serene zen minimal minimalist quiet",
    winter="winter snow snowy ice icy frozen frost arctic antarctic glacier",
    autumn="autumn fall october harvest maple",
    spring="spring blossom pastel sakura cherry easter may",
)
SCENES = _table(
    mountains="mountain mountainous peak alp alpine summit ridge volcano himalaya fuji glacier fjord canyon",
    lake="lake pond reflection mirror river",
    sea="sea ocean beach coast shore wave island bay harbor harbour tide surf sail maritime lagoon",
    city="city skyline town street building skyscraper metropolis tokyo singapore york paris london hanoi saigon "
    "downtown urban architecture cyberpunk bridge roof",
    forest="forest wood woodland jungle pine tree grove rainforest bamboo enchanted",
    space="space planet galaxy cosmos cosmic nebula universe star_field orbit saturn jupiter mars asteroid astronaut "
    "spaceship alien interstellar",
    desert="desert dune sahara sand oasis egypt pyramid mesa arizona",
    meadow="flower meadow garden field blossom bloom poppy poppies lavender tulip daisy daisies rose sunflower spring "
    "wildflower prairie grass",
    hills="hill countryside valley farm vineyard tuscany rural landscape village picnic park path road tea_field",
    snow="snow snowy winter arctic antarctic ice iceberg aurora polar north_pole",
    underwater="underwater coral reef deep_sea aquarium seabed mermaid jellyfish",
    abstract="abstract pattern geometric geometry bauhaus shapes composition gradient texture wallpaper logo colorful "
    "colourful idea dream fractal swirl circles lines mandala kaleidoscope",
)
SUBJECTS = _table(
    cat="cat kitten kitty",
    fox="fox vixen",
    bird="bird seagull gull swallow flock crane sparrow crow raven eagle hawk",
    boat="boat sailboat sail ship yacht sailing junk canoe",
    house="house cabin cottage hut home barn chalet farmhouse",
    tree="tree oak bonsai willow",
    balloon="balloon hot-air-balloon airship",
    lighthouse="lighthouse beacon",
    whale="whale orca",
    fish="fish goldfish koi salmon",
    deer="deer stag reindeer elk moose",
    person="person man woman girl boy child traveler traveller wanderer hiker figure knight monk couple lady "
    "hero wizard explorer",
    astronaut="astronaut cosmonaut spaceman",
    rocket="rocket spaceship spacecraft shuttle",
    castle="castle fortress palace tower",
    pagoda="pagoda temple shrine torii japan japanese kyoto",
    moon="moon crescent",
    butterfly="butterfly butterflies moth",
    jellyfish="jellyfish medusa",
    cup="coffee cup tea mug latte espresso teapot",
    robot="robot android mech",
    dog="dog puppy wolf",
    owl="owl",
    rabbit="rabbit bunny hare",
    cactus="cactus cacti saguaro",
    camel="camel caravan",
    windmill="windmill mill turbine",
    umbrella="umbrella parasol",
    lantern="lantern",
    train="train locomotive railway",
)
SUBJECT_SCENES = {
    "boat": "sea", "lighthouse": "sea", "whale": "sea", "fish": "underwater", "jellyfish": "underwater",
    "rocket": "space", "astronaut": "space", "fox": "forest", "deer": "forest", "owl": "forest", "dog": "hills",
    "rabbit": "meadow", "balloon": "hills",
    "house": "hills", "windmill": "meadow", "castle": "mountains", "pagoda": "mountains",
    "cactus": "desert", "camel": "desert", "butterfly": "meadow", "cat": "hills", "tree": "hills", "train": "hills",
    "cup": "table", "robot": "city", "bird": "sea", "lantern": "lake", "umbrella": "city", "moon": "mountains",
}  # fmt: skip
STYLES = _table(
    watercolour="watercolor watercolour aquarelle gouache wash",
    ink="ink sumi sumi-e monochrome black_white calligraphy brush",
    neon="neon cyberpunk synthwave vaporwave retrowave outrun glowing",
    paper="paper paper-cut papercut cut-paper origami collage paper_cut",
    pixel="pixel pixel-art pixelart 8-bit 16-bit retro-game game",
    oil="oil impressionist impressionism painterly monet gogh van_gogh oil_painting brushstroke",
    riso="riso risograph screenprint screen-print retro halftone comic screen_print",
    mosaic="mosaic stained stained-glass tile lowpoly low-poly polygonal crystal",
    pencil="pencil sketch drawing charcoal graphite crayon",
)
WEATHER = _table(
    rain="rain rainy storm thunderstorm typhoon downpour drizzle monsoon",
    snow="snow snowy snowfall blizzard snowing",
    fog="fog foggy mist misty haze",
    aurora="aurora northern_light",
    stars="star starry stars constellation",
    clouds="cloud cloudy overcast",
    petals="petal sakura cherry blossom confetti",
    fireflies="firefly fireflies magic magical enchanted sparkle fairy",
)
COLOURS = _colours(
    "red=d6382f crimson=b5213a orange=f0812f amber=f5a623 yellow=f6cf3f gold=dba52a green=4a9b53 emerald=1f8a5b "
    "teal=1f8a8a turquoise=35b6ad cyan=2fc4de blue=2f6fd0 navy=1f3a7a indigo=3f3fa0 violet=7a4fc0 purple=7d3fa8 "
    "lavender=a88fd8 magenta=d0359a pink=f285ae rose=e5608a coral=f4766a brown=7a4a30"
)
