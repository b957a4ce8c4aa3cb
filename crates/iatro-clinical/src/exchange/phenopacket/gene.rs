//! Genes: a solved interpretation with both alleles of a gene of primary HLH is a molecular diagnosis of it. Nothing here
//! ever says that there is none.

use std::collections::BTreeMap;

use super::Builder;
use super::packet::{Genomic, Interpretation, Packet};
use crate::exchange::hlh;
use crate::observation::{Observation, Presence};

/// A variant that counts: its gene, how many alleles it takes, and where it stands.
struct Allele {
    gene: String,
    variant: String,
    alleles: usize,
    path: String,
    words: String,
}

impl Builder {
    pub(super) fn interpretations(&mut self, packet: &Packet) {
        let mut by_gene: BTreeMap<String, Vec<Allele>> = BTreeMap::new();
        for (index, interpretation) in packet.interpretations.iter().enumerate() {
            let path = format!("interpretations[{index}]");
            let genomic =
                interpretation.diagnosis.as_ref().map(|found| &found.genomic_interpretations);
            let genomic = genomic.into_iter().flatten().enumerate();
            let mut any = false;
            for (at, row) in genomic {
                any = true;
                let path = format!("{path}.diagnosis.genomicInterpretations[{at}]");
                match allele(interpretation, row, &path) {
                    Ok(found) => by_gene.entry(found.gene.clone()).or_default().push(found),
                    Err((what, reason)) => self.ledger.not_used(&path, &what, &reason),
                }
            }
            if !any {
                let reason = "it names no variant";
                self.ledger.not_used(&path, "interpretation", reason);
            }
        }
        for (gene, found) in by_gene {
            self.gene(&gene, &found);
        }
    }

    fn gene(&mut self, gene: &str, found: &[Allele]) {
        // One variant told twice is still one allele.
        let apart: BTreeMap<&str, usize> =
            found.iter().map(|one| (one.variant.as_str(), one.alleles)).collect();
        if apart.values().sum::<usize>() < 2 {
            let reason = "one allele only; a molecular diagnosis needs both, or one of an X-linked gene in a male";
            for one in found {
                self.ledger.not_used(&one.path, &format!("variant of {gene}"), reason);
            }
            return;
        }
        let words: Vec<&str> = found.iter().map(|one| one.words.as_str()).collect();
        self.case.observations.push(Observation {
            id: format!("gene-{gene}"),
            observable: "molecular_hlh".to_owned(),
            present: Some(Presence::Yes),
            source: Some(words.join("; ")),
            ..Observation::default()
        });
        self.paths.push(found.first().map(|one| one.path.clone()).unwrap_or_default());
        for one in found {
            let reason = "taken as a molecular diagnosis of primary HLH from the list of its genes";
            self.ledger.caution(&one.path, &format!("variant of {gene}"), reason);
            self.ledger.used();
        }
    }
}

/// A variant that counts, or what it is and why it does not.
fn allele(whole: &Interpretation, row: &Genomic, path: &str) -> Result<Allele, (String, String)> {
    let variant = row.variant_interpretation.as_ref();
    let descriptor = variant.and_then(|variant| variant.variation_descriptor.as_ref());
    let gene = descriptor.and_then(|d| d.gene_context.as_ref()?.symbol.clone()).unwrap_or_default();
    let what = if gene.is_empty() {
        "variant without a gene".to_owned()
    } else {
        format!("variant of {gene}")
    };
    let not = |reason: &str| Err((what.clone(), reason.to_owned()));
    if !hlh::is_gene(&gene) {
        return not("its gene is on no list of primary HLH read");
    }
    if whole.progress_status.as_deref() != Some("SOLVED")
        || row.interpretation_status.as_deref() != Some("CAUSATIVE")
    {
        return not("it is not given as the cause of a solved case");
    }
    let class = variant.and_then(|variant| variant.acmg_pathogenicity_classification.as_deref());
    if !matches!(class, Some("PATHOGENIC" | "LIKELY_PATHOGENIC")) {
        return not("it is neither pathogenic nor likely pathogenic");
    }
    let state = descriptor.and_then(|d| d.allelic_state.as_ref());
    let state = state.and_then(|class| class.label.as_deref().or(class.id.as_deref()));
    let alleles = match state.map(str::to_lowercase).as_deref() {
        Some("homozygous" | "hemizygous" | "geno:0000136" | "geno:0000134") => 2,
        Some("heterozygous" | "compound heterozygous" | "geno:0000135") => 1,
        _ => return not("how many alleles carry it is not said"),
    };
    let id = descriptor.and_then(|d| d.id.as_deref()).unwrap_or_default();
    let words = format!("{path} {gene} {id} ({})", state.unwrap_or_default());
    Ok(Allele { gene, variant: id.to_owned(), alleles, path: path.to_owned(), words })
}
