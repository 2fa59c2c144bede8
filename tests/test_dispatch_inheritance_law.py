"""What random classes inherit, before and after changes, against a definition by brute force.

The definition: of all methods that the classes hold along the linearisation of the object's class, from the
called multimethod's class on and up to an ordinary attribute, the one that fits and is before all others.
"""

from __future__ import annotations

from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st

ARGUMENTS = {"object": object, "int": int, "bool": bool, "str": str}
OBJECTS = [True, 1, "x", 1.5]

BODY = """
class {name}({bases}):
    m = Multimethod("m")
"""
METHOD = """
    @m.register
    def _(self{hint}, x: {argument}):
        return {answer!r}
"""


def add_class(names, name, bases, held):
    """Make a class of source text; without bases if they have no linearisation."""
    if held is None:
        text = f"class {name}({bases}): ..."
    elif held == "ordinary":
        text = f"class {name}({bases}):\n    def m(self, x): return 'ordinary'"
    else:
        text = BODY.format(name=name, bases=bases)
        for argument, hint in held:
            answer = (name, hint, argument)
            text += METHOD.format(hint=hint and ": object", argument=argument, answer=answer)
    try:
        exec(text, names)
    except TypeError:
        add_class(names, name, "", held)


METHODS = st.lists(st.tuples(st.sampled_from(sorted(ARGUMENTS)), st.booleans()), max_size=3, unique=True)
HELD = st.one_of(st.none(), st.just("ordinary"), *[METHODS] * 4)


def expected(cls, owner, x, held):
    """What a call of the multimethod of `owner` with an object of `cls` gives, by the definition."""
    line, fitting = cls.__mro__, []
    for depth, base in enumerate(line[line.index(owner) :]):
        here = held.get(base.__name__)
        if here == "ordinary":
            break
        for argument, hint in here or ():
            if isinstance(x, ARGUMENTS[argument]):
                nearness = (
                    line.index(object if hint else base),
                    type(x).__mro__.index(ARGUMENTS[argument]),
                )
                fitting.append((nearness, depth, (base.__name__, hint, argument)))
    if not fitting:
        return NoMethodError
    for one in fitting:
        if all(other is one or is_before(one, other) for other in fitting):
            return one[2]
    return AmbiguityError


def is_before(one, other):
    (a, b), (c, d) = one[0], other[0]
    return one[1] < other[1] if (a, b) == (c, d) else a <= c and b <= d


def given_by(f, *args):
    try:
        return f(*args)
    except (NoMethodError, AmbiguityError) as error:
        return type(error)


def check(classes, held):
    for cls in classes:
        for owner in cls.__mro__[:-1]:
            if isinstance(held[owner.__name__], list):
                for x in OBJECTS:
                    wanted = expected(cls, owner, x, held)
                    assert given_by(vars(owner)["m"], cls(), x) == wanted, (cls.__mro__, owner, x, held)
        holder = next((c for c in cls.__mro__[:-1] if held[c.__name__] is not None), None)
        if holder is not None and held[holder.__name__] != "ordinary":
            for x in OBJECTS:
                assert given_by(cls().m, x) == expected(cls, holder, x, held)


@settings(max_examples=often(60))
@given(st.data())
def test_inheritance_follows_the_definition_through_changes(data):
    names, held = {"Multimethod": Multimethod, "__name__": "generated"}, {}
    for i in range(data.draw(st.integers(2, 6))):
        bases = data.draw(st.lists(st.sampled_from(sorted(held)), max_size=3, unique=True)) if held else []
        held[f"C{i}"] = data.draw(HELD)
        add_class(names, f"C{i}", ", ".join(bases), held[f"C{i}"])
    classes = [names[name] for name in held]
    check(classes, held)
    check(classes, held)  # warm
    for _ in range(3):
        name = data.draw(st.sampled_from(sorted(held)))
        change(names[name], held, data)
        check(classes, held)


def change(cls, held, data):
    """Register or take away a method, or put an attribute in the place of a multimethod."""
    here = held[cls.__name__]
    if not isinstance(here, list):
        return
    kind = data.draw(st.sampled_from(["register", "unregister", "hide"]))
    if kind == "register":
        argument = data.draw(st.sampled_from(sorted(ARGUMENTS)))
        if (argument, False) not in here:
            answer = (cls.__name__, False, argument)
            cls.m.register(cls, ARGUMENTS[argument])(lambda self, x: answer)
            held[cls.__name__] = [*here, (argument, False)]
    elif kind == "unregister" and here:
        argument, hint = here[0]
        cls.m.unregister(object if hint else cls, ARGUMENTS[argument])
        held[cls.__name__] = here[1:]
    elif kind == "hide":
        cls.m = lambda self, x: "ordinary"
        held[cls.__name__] = "ordinary"
