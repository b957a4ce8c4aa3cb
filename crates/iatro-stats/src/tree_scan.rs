//! Scan statistics over a hierarchy of terms or substances.
//!
//! A report of a preferred term is also a report of the term's group, of the group's class, and so
//! on. Which level shows more reports than expected is not known beforehand. The tree-based scan
//! statistic looks at every node of the hierarchy, takes the log likelihood ratio of an excess in
//! that branch against no excess anywhere, and judges it against the distribution of the *largest*
//! ratio over the whole hierarchy under no excess, which Monte Carlo replicates give. So the p of a
//! node is adjusted for the search over all nodes. Sources: Kulldorff, Fang and Walsh 2003,
//! Biometrics 59:323-331; Kulldorff et al. 2013, Pharmacoepidemiol Drug Saf 22:517-523.
//!
//! What lives here: the hierarchy ([`Tree`]), the four models ([`PoissonNull`], [`BernoulliNull`]),
//! the scan ([`TreeScan`]) and its answer ([`ScanResult`]).
//!
//! ```
//! use iatro_stats::tree_scan::{BernoulliNull, BernoulliRow, ScanOptions, Tree, TreeScan};
//!
//! let tree = Tree::parse("all,\nblood,all\nliver,all\ncytopenia,blood\nhaemolysis,blood\n")?;
//! let rows = [
//!     BernoulliRow { nodes: &["cytopenia"], cases: 12, controls: 40 },
//!     BernoulliRow { nodes: &["haemolysis"], cases: 9, controls: 30 },
//!     BernoulliRow { nodes: &["liver"], cases: 20, controls: 400 },
//! ];
//! let scan = TreeScan::bernoulli(&tree, &rows, BernoulliNull::Total, &ScanOptions::default())?;
//! let result = scan.run(999, 1)?;
//! let first = result.nodes.first().ok_or("no nodes")?;
//! assert_eq!((first.node.as_str(), first.cases), ("blood", 21));
//! assert!(first.p.is_some_and(|p| p < 0.01));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod counts;
mod error;
mod likelihood;
mod replicates;
mod result;
mod sampler;
mod scan;
mod tree;
mod tree_text;

pub use counts::{BernoulliRow, PoissonRow};
pub use error::{ScanError, TreeError};
pub use likelihood::{BernoulliNull, PoissonNull};
pub use result::{NodeResult, ScanResult};
pub use scan::{ScanOptions, TreeScan};
pub use tree::Tree;
