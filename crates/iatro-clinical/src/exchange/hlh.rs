//! The names under which records carry the event, and the genes whose disease is a molecular diagnosis of it.

/// Whether a name is one of haemophagocytic lymphohistiocytosis; a family history of it is another thing.
pub(super) fn is_event(name: &str) -> bool {
    let name = name.to_lowercase();
    let names = [
        "haemophagocytic lymphohistiocytosis",
        "hemophagocytic lymphohistiocytosis",
        "haemophagocytic syndrome",
        "hemophagocytic syndrome",
        "histiocytosis haematophagic",
        "macrophage activation syndrome",
    ];
    let elsewhere = ["history of", "suspected", "risk of"];
    names.iter().any(|known| name.contains(known))
        && !elsewhere.iter().any(|word| name.contains(word))
}

/// Genes that published lists of primary HLH name (PMC7137163 table 2; s13256-016-1196-9 table 1; a further review for
/// the last four). Symbols of HGNC; `BIRC4` is the former symbol of `XIAP`.
const GENES: [&str; 17] = [
    "PRF1", "UNC13D", "STX11", "STXBP2", "RAB27A", "LYST", "AP3B1", "SH2D1A", "XIAP", "BIRC4",
    "ITK", "SLC7A7", "MAGT1", "FAAP24", "RHOG", "CEBPE", "AP3D1",
];

/// Whether disease of a gene is a molecular diagnosis of primary HLH.
pub(super) fn is_gene(symbol: &str) -> bool {
    GENES.contains(&symbol)
}
