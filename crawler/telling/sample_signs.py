"""What tells, around a number of people or samples, that it is all of those studied, or but a part.

All but `SAMPLE_LABEL` look at texts in lower case.
"""

import re

TOTAL = re.compile(
    r"\b(?:a )?total (?:of|number of|sample of)\b|\boverall,|\baltogether\b|\bin all,|\bin total\b"
    r"|\bsample (?:size )?of\b"
    r"|\bcohort of\b|\bseries of\b|\bpopulation of\b|\bcompris(?:ed|ing)\b|\bconsist(?:ed|ing) of\b"
    r"|\bset of\b|\btotal de\b",
)
TAKEN = re.compile(
    r"\b(?:enrol(?:l?ed|ling)?|recruit(?:ed|ing)?|includ(?:ed|ing)|randomi[sz]ed|randomly (?:assigned"
    r"|allocated)|analy[sz]ed"
    r"|stud(?:ied|y)|review(?:ed)?|evaluat(?:ed|e)|assess(?:ed)?|treated|identified|examined"
    r"|investigated|participated"
    r"|interviewed|surveyed|entered|registered|collected|completed|screened|underwent|received|assigned"
    r"|allocated"
    r"|followed|tested|genotyped|obtained|selected|observed|eligible|met (?:the )?(?:inclusion"
    r"|eligibility) criteria"
    r"|were available|performed (?:in|on)|conducted (?:in|on|among|with)|in|among|with|from|of)\b",
)
STRONG = re.compile(
    r"\b(?:enrol(?:l?ed|ling)?|recruit(?:ed|ing)?|includ(?:ed|ing)|randomi[sz]ed|randomly (?:assigned"
    r"|allocated)|analy[sz]ed"
    r"|studied|reviewed|evaluated|examined|investigated|participated|interviewed|surveyed|entered"
    r"|registered|collected"
    r"|genotyped|identified|met (?:the )?(?:inclusion|eligibility) criteria|were eligible|treated"
    r"|underwent|completed by|were (?:sequenced|stained|profiled|monitored)|attended"
    r"|were (?:extracted|retrieved|abstracted) from|took part|answered (?:an?|our|the)"
    r"|(?:divided|assigned|allocated|separated|split) (?:in)?to (?:\w+ ){1,2}groups(?!: {2})|participaron"
    r"|followed(?: up)? (?:for|from|until|over)|responses (?:were )?(?:received|obtained) from"
    r"|(?:assigned|allocated)(?=[,.]| in a| \d ?:)"
    r"|incluyeron|incluy[oó]|estudiaron|analizaron|evaluaron|reclutaron|inclu[ií]d[oa]s|inclu[ií]ram"
    r"|analisad[oa]s|avaliad[oa]s|estudad[oa]s|recrutad[oa]s"
    r"|from \d\d+ (?:[\w-]+ ){0,3}(?:studies|trials|cohorts))\b",
)
"""Stands before or after the number; what is left where that was is two spaces, as behind "groups:"."""
DID = re.compile(
    r"\b(?:were (?:asked to|assessed(?! for)|randomly (?:divided|split))|are described"
    r"|(?<!\d )responded|divided randomly|(?:assigned|allocated|randomi[sz]ed) to (?:\w+ ){1,6}or|were pooled"
    r"|completed (?:it|the|an?|our|this))\b"
)
"""Stands behind the number; before it these words tell of others."""
STUDY_OF = re.compile(
    r"\b(?:study|survey|analys[ei]s|trial|review|evaluation|investigation|rct|experiment)"
    r"(?: (?:was|is))?(?: (?:performed|conducted|carried out|done|undertaken|based|focused))?"
    r" (?:of|in|with|among|on|involving|involved|including|included|comprising|enrolled|recruited|for|using)"
    r" (?:(?:the )?(?:data|records|charts|samples|specimens|images) (?:from|of|for|on) )?"
    r"(?:a total of |all |the )?$"
    r"|\b(?:obtained|acquired|retrieved|drawn)(?: \S+){0,8}? (?:from|for|in|on) (?:a total of |all )?$"
    r"|\b(?:data|samples|specimens|images|tissues?|biopsies|blood) (?:from|of|for|on) (?:a total of |all )?$"
    r"|\badministered to $|\binterviews (?:\w+ ){0,4}with $"
    r"|\basignaron (?:\w+ ){0,3}$|\bportant sur $|\b(?:daten|analyse) von $"
    r"|\b(?:estudo|estudio|étude) (?:\w+ ){0,2}(?:com|con|de|em|en|sur|chez) $|\brealizado com $",
)
"""Stands right before the number of those whom a study is of."""
OTHER_STUDY = re.compile(r"\b(?:recent|earlier|another|published|a previous|our previous|prior)\b")
SAMPLE_LABEL = re.compile(
    r"(?:participants?|patients?|subjects?|sample|population|materials?)(?: and (?:methods?|setting))?:?",
    re.IGNORECASE,
)
"""Labels over whom a study is of; a sentence that begins with a number there gives the whole."""
OPENS = re.compile(
    r"(?:all )?$|in this [^;.]{1,80}, $"
    r"|(?:between|from|in|during|over) [^,;.]{1,60}(?:, \d{4}[^,;.]{1,30}){0,2}, $"
)
"""Stands before the number in a sentence that begins with those who took part."""
TOOK_PART = re.compile(r"\b(?:received|were (?:\w+ )?(?:treated|given|operated)|had undergone)\b")
DONE_IN = re.compile(r"\b(?:was|were) (?:performed|done|carried out|attempted) (?:in|on) $")
"""Stands before the number of those something was done in, who may be but a part."""
NEXT_NUMBER = re.compile(r"[,;] (?=\d)")
"""Begins what is told of others, or of a part."""
WE_DID = re.compile(
    r"\bwe (?:\w+ly )?(?:assessed|asked|followed|tested|sequenced|profiled|sampled|monitored)(?: up)?"
    r" (?:\w+ (?:from|of|on) )?$",
)
"""Stands right before the number; elsewhere these words tell of a part or of what was found."""
PART = re.compile(
    r"\b(?:of (?:these|them|those|whom|which|the)|among (?:these|them|those|the)|each|per|respectively"
    r"|versus|vs|(?<=\s)arms?"
    r"|group|subgroup|deaths|died|responded|had a|achieved|progress\w*|relapsed|recurred|worldwide"
    r"|annually|every year|for eligib\w+|missing|lost to"
    r"|(?:reported|experienced|suffered) by"
    r"|(?:occurred|developed) in|(?:reported|observed|seen|detected|found|noted) in(?= {2})"
    r"|estimated|expected|will be|previous|at least|up to|more than|fewer than|less than|about one)\b"
    r"|\d ?/ ?\d|\(\d[\d.]*%|^of\s+(?:who were |were )?(?:screened|approached|invited|assessed for)\b",
)
AGE = re.compile(r"^(?:years?|months?|weeks?|days?|hours?|%|per ?cent|mg|g|ml|cm|mm|gy|cycles?|centres?"
    r"|centers?|sites?"
                  r"|hospitals?|countries|times|fold|of|to|and|or|vs|versus"
                  r"|out|quarters?|thirds?)\b")  # fmt: skip
CASES_OF = re.compile(r" (?:in which|in whom|where|(?:was|were) excluded)\b")
"""Follows cases that may be findings or samples, not people, and people who were not studied."""
OTHERS = re.compile(r" (from|with|in) [^.;,\d]{1,40} and \d[\d,]* \1\b")
"""Follows those from one place, beside others from another."""
BOTH_SEXES = re.compile(r"(?:women and men|men and women)\b")
PER_ARM = re.compile(r" \(\d[\d,]* (?:per|in each|to each) [^()]{1,30}\)")
CONTROLS = re.compile(
    r",? (?:and|or|vs\.?|versus|plus) (?:\d[\d, \xa0\u2009\u202f]*|[a-z-]+) (?:[\w-]+ ){0,3}controls\b",
)
"""Follows cases that are but the one part of those studied."""
RANGE = re.compile(r"\d ?(?:to|-|–|or|and) $")
"""Stands before the end of a range: "18 to 2,174 patients a centre"."""
SUBSET = re.compile(
    r"\b(?:training|validation|derivation|discovery|test) (?:set|cohort|group|sample)s?\b"
    r"|\b(?:committee|board|team) (?:of|consisting of|composed of|comprising) $"
)
"""Stands before those who are but one of several sets, or who judged the work of others."""
NO_YEAR = re.compile(r"(?:\d, |\b(?:total|cohort|sample|series) of |\bwe (?:\w+ly )?\w+ed )$")
"""Stands before no year: "by June 2020, 1999 patients had been enrolled"."""
REST = re.compile(r"\b(?:other|remaining|excluded|additional|further)\s*$")
"""Stands before those who are but a part, or before their number."""
