"""MeSH subheadings by the two letters that stand for them: `Melanoma/dt` is *Melanoma/drug therapy*."""

from collections.abc import Mapping
from types import MappingProxyType

_LISTED = """
aa analogs & derivatives; ab abnormalities; ad administration & dosage; ae adverse effects; ag agonists; ah
anatomy & histology; ai antagonists & inhibitors; an analysis; bi biosynthesis; bl blood; bs blood supply;
cf cerebrospinal fluid; ch chemistry; ci chemically induced; cl classification; cn congenital; co
complications; cs chemical synthesis; cy cytology; de drug effects; df deficiency; dg diagnostic imaging; dh
diet therapy; di diagnosis; dt drug therapy; ec economics; ed education; eh ethnology; em embryology; en
enzymology; ep epidemiology; es ethics; et etiology; gd growth & development; ge genetics; hi history; im
immunology; in injuries; ip isolation & purification; ir innervation; is instrumentation; lj legislation &
jurisprudence; me metabolism; mi microbiology; mo mortality; mt methods; nu nursing; og organization &
administration; pa pathology; pc prevention & control; pd pharmacology; ph physiology; pk pharmacokinetics;
po poisoning; pp physiopathology; ps parasitology; px psychology; py pathogenicity; re radiation effects; rh
rehabilitation; rt radiotherapy; sc secondary; sd supply & distribution; se secretion; sn statistics &
numerical data; st standards; su surgery; td trends; th therapy; tm transmission; to toxicity; tr
transplantation; tu therapeutic use; ul ultrastructure; ur urine; ut utilization; ve veterinary; vi virology
"""
QUALIFIERS: Mapping[str, str] = MappingProxyType(
    {
        code: name
        for code, _, name in (row.strip().partition(" ") for row in _LISTED.replace("\n", " ").split(";"))
    }
)
