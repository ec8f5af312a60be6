"""What tells, around a number of people or samples, that it is all of those studied, or but a part.

All but those that look at labels look at texts in lower case.
"""

import re


def _words(*pieces: str) -> re.Pattern[str]:
    """Any of `pieces`, whole words each."""
    return re.compile(rf"\b(?:{'|'.join(pieces)})\b")


def _before(*pieces: str) -> re.Pattern[str]:
    """Any of `pieces` right before a number; each begins with a word and ends with a space."""
    return re.compile(rf"\b(?:{'|'.join(pieces)})$")


_BEHIND = r"(?:with|without|from|in|of|at|on|who|whose|given|treated|seen|aged)\b"
"""Words that go on telling of those who were counted."""
_OTHER_WORK = "previous(?:ly)?|prior|earlier|published|recent(?:ly)?|another"

# ------------------------------------------------------------------------------- these are all of them
TOTAL = re.compile(
    r"\btotal (?:of|number of|sample of)\b|\boverall,|\baltogether\b|\bin all,|\bin total\b"
    r"|\b(?:sample|sample size|cohort|series|population|set|consist(?:ed|ing)) of\b|\bcompris(?:ed|ing)\b"
)
STUDIED = _words(
    r"enrol(?:l?ed|ling)?|recruit(?:ed|ing)?|includ(?:ed|ing)|randomi[sz]ed|randomly (?:assigned|allocated)",
    r"analy[sz]ed|studied|reviewed|evaluated|examined|investigated|interviewed|surveyed|pooled|are described",
    r"participated|took part|remained (?:for|in)|attended|entered|registered|collected",
    r"identif(?:ied|y)|treated|underwent|(?:met|fulfilled|satisfied) (?:[\w-]+ ){0,3}criteria|eligible",
    r"(?:answered|completed) (?:by|it|the|an?|our|this)|followed(?: up)? (?:for|from|until|over)",
)
"""Stands before or after the number."""
KEPT = re.compile(
    r"\b(?:met|fulfilled|satisfied) (?:[\w-]+ ){0,3}criteria"
    r"|\b(?:were|was) (?:\w+ )?(?:included|enrol+ed|randomi[sz]ed)\b"
)
"""Stands behind the number of those who were kept of others told of before."""
STUDY_OF = _before(
    r"(?:study|survey|analys[ei]s|trial|review|evaluation|investigation|rct|experiment)"
    r"(?: (?:was|is|has been))?(?: (?:performed|conducted|carried out|done|undertaken|based|focused))?"
    r" (?:of|in|with|among|on|involving|involved|including|included|comprising|enrolled|recruited|for|using)"
    r" (?:(?:the )?(?:data|records|charts|samples|specimens|images) (?:from|of|for|on) )?"
    r"(?:a total of |all |the )?",
    r"(?:obtained|acquired|retrieved|drawn)(?: \S+){0,8}? (?:from|for|in|on) (?:a total of |all )?",
    r"(?:data|samples|specimens|images|tissues?|biopsies|blood) (?:from|of|for|on) (?:a total of |all )?",
)
OTHER_STUDY = _words(_OTHER_WORK)
OF_STUDIES = re.compile(
    r"\b(?:met|inclu\w+|identif\w+|eligib\w+|pool\w+|review\w*|retriev\w+|meta-?analy\w+|select\w+|assess\w+"
    r"|search\w*|found)\b",
    re.IGNORECASE,
)
"""Stands in a sentence on the studies that a review is of, not on those that gave the data."""
SAMPLE_LABEL = re.compile(r"\b(?:participants?|patients?|subjects?|sample|population)\b", re.IGNORECASE)
"""Labels over whom a study is of; a sentence that begins with a number there gives the whole."""

# ----------------------------------------------------------------------------------- these are a part
ASIDE = _before(
    r"(?:of|among) (?:these|them|those|whom|which)\b(?!.* of )[^;.]{0,12}|(?:of|among) the \w+ ",
    r"(?:\d+|(?:\w+-)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty))"
    r"(?: \([^()]*\))? (?:out )?of ",
    r"(?:majority|half|thirds?|quarters?|proportion|number) of (?:the )?",
    r"(?:other|remaining|excluded|additional|further|phase|stage|grade|type|fischer) ",
    r"(?:sent|e-?mailed|mailed|posted|offered|distributed|handed)(?: out)?(?: to)?"
    r"(?: a total of| an? (?:[a-z-]+ ){0,3}sample of)? |we (?:[a-z]+ )?screened ",
    r"(?:replicat|validat)\w+ (?:[a-z-]+ ){0,4}in (?:an? [a-z-]+ \w+ of )?",
    r"(?:sensitivity|specificity|accuracy|survival|complications|events|deaths|recurrences?) in ",
    r"(?:detected|observed|found|seen|noted|reported|present) (?:[a-z-]+ ){1,6}in ",
    r"(?:cases|controls) (?:were|comprised|included|consisted of) |compar\w+ (?:[a-z-]+ ){0,6}",
    r"\d[^.;]{0,60} including |groups?: ",
    r"\d+ (?<! (?:19|20)\d\d )(?!years|months)[a-z][^.;,()]{0,60},? and ",
    r"(?:that|at least|up to|more than|fewer than|less than|about one|estimated|expected) ",
    r"(?:groups|phases|sets) of ",
    r"(?:aim|plan|intend|target|need|requir|potential)\w* (?:to|of|for) (?:[a-z-]+ ){0,3}",
)
"""Stands before the number of those who are but a part, or were only asked, or of something else."""
REST = re.compile(
    r"\b(?:other|remaining|excluded|additional|further|control|new|incident)\s*$"
    r"|\b(?:matched|comparison|hypothetical|simulated|virtual|possible|potential\w*|reported|published)\b"
    r"|\band (?:\d|two|three|four|five|six|seven|eight|nine|ten)\b"
)
"""Stands between the number of those who are but a part and what they are called."""
SHARE = re.compile(r" ?\(\d[\d.]* ?%[),;:]")
"""Follows those who are a share of more."""
NAMES_OF_CONTROLS = ("control", "healthy", "normal", "matched")
CONTROLS = re.compile(
    r"^,? (?:and|or|vs\.?|versus|plus) (?:[a-z-]+ ){1,4}controls\b"
    r"|\b\d[\d, \xa0\u2009\u202f]* (?:[\w-]+ ){0,4}[\w-]*(?:controls?|healthy|normal|matched)\b"
)
"""Follows those who are but the one part of those studied."""
BESIDE_OTHERS = re.compile(
    rf"(?: (?:had|showed|{_BEHIND})[^.;,\d]{{0,80}})?,?"
    r" (?:and|or|plus|vs\.?|versus|(?:(?:was|were) )?compared (?:to|with))"
    r" (?:(?:the|their|th(?:at|ose) (?:of|in)) )?"
    r"\d[\d,]* (?<! (?:19|20)\d\d )(?!years|months|weeks|days)[a-z]"
)
"""Follows those who are counted with others, of whatever name: "36 donors and 436 recipients"."""
BESIDE = re.compile(
    rf"(?!.*\b(?:was|were)\b)(?: (?:to|{_BEHIND})[^.;:\d]{{0,80}})?"
    r",?(?: (?:and|or|to|with|plus|vs\.?|versus|compared (?:to|with))(?: the)?)? "
)
"""Stands between two numbers of people that are parts of one whole."""
AND = re.compile(r"(?!.*(?:\(|\bincluding\b)).*(?<!,) and ")
"""As `BESIDE`, whatever is told of the first."""
PART = re.compile(
    r"\b(?:each|per|also|respectively|versus|vs|(?<=\s)arms?|group(?! of)|subgroup|deaths|died"
    r"|had an?(?! mean| median| average)|achieved|progress\w*|relapsed|recurred|worldwide"
    r"|annually|every year|for eligib\w+|missing|lost to"
    r"|(?:reported|experienced|suffered) by"
    r"|(?:occurred|developed) in|(?:reported|observed|seen|detected|found|noted) in(?= {2})"
    r"|will be|(?:was|were) (?:required|needed|planned)|previous)\b"
    r"|^of\s+(?:who were |were )?(?:screened|approached|invited|assessed for)\b",
)
"""Stands around the number of those who are mostly but a part; where that was, two spaces are left."""
CASES_OF = re.compile(r" (?:in which|in whom|where|(?:was|were) excluded)\b")
"""Follows cases that may be findings or samples, not people, and people who were not studied."""

# ------------------------------------------------------- these may be a part, if nothing is said of them
OF_THE = _before(r"(?:of|among) the ")
"""Stands before the number of those who were told of before: all, or those of a part."""
OF = re.compile(r"(?:out )?(?:of|among|from) (?:the |a total of )?")
SOME = re.compile(r" (?:with|without|who|whose|in whom)\b")
"""Stand before and behind the number of those who may be but some: "among 12 patients with pain, ten"."""
FACT = _words(
    r"annually|worldwide|globally|(?:every|each|per) year|(?:is|are|an|was) estimated|project(?:ed|ions?)",
    r"could|may|might|must|should|would|will|call for|(?<!there )(?:are|is)|have been|so far|to date",
    r"hypothetical",
    _OTHER_WORK,
)
"""Stands around the number of those of whom something is known or thought, not of those who were studied."""

# ------------------------------------------------------------------------------- these are not counted
RANGE = re.compile(
    r"(?:\d(?: ?(?:to|-|–|or|and))?|hundred|thousand|\b(?:one|two|three|four|five) (?:to|or)) $"
)
"""Stands before the end of a range or number: "18 to 2,174 patients a centre"."""
SUBSET = re.compile(
    r"\b(?:training|validation|derivation|discovery|test) (?:set|cohort|group|sample)s?\b"
    r"|\b(?:study|experiment) (?:1|i|one)\b"
    r"|\b(?:committee|board|team) (?:of|consisting of|composed of|comprising) $"
)
"""Stands before those who are but one of several sets, or who judged the work of others."""
NO_YEAR = re.compile(r"(?:\d, |\b(?:total|cohort|sample|series) of |\bwe (?:\w+ly )?\w+ed )$")
"""Stands before no year: "by June 2020, 1999 patients had been enrolled"."""

# ------------------------------------------------------------------------------- how far a sign reaches
NUMBER_BEFORE = re.compile(r".*\d")
"""Ends with the number before a number; what is said of that is not said of this."""
SOME_WORDS = re.compile(r"[^,;]{0,30}(?!\w)|.{30}")
"""The beginning of a text, in whole words, up to what is told of others."""
OF_WHOM = re.compile(r" of(?<!all of) (?:which|whom|these|them)\b")
"""Begins what is told of a part."""
