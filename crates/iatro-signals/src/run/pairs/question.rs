//! What a run over every pair was asked, before and after the lake has filled the gaps.

use iatro_reports::SourceKind;
use iatro_reports::input::hash::sha256_text;
use iatro_reports::lake::Manifest;
use iatro_reports::model::codes::Role;
use serde::Serialize;

use crate::run::RunError;
use crate::run::settings::{role_bits, role_codes, source_of};

/// What the caller chooses.
#[derive(Clone, Debug, Default)]
pub struct PairSettings {
    /// The source, where the lake holds several.
    pub source: Option<SourceKind>,
    /// Role codes that count as exposure; none for the suspect roles PS, SS and I.
    pub roles: Vec<String>,
}

/// A question without gaps.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PairQuestion {
    /// The source counted.
    pub source: SourceKind,
    /// The role codes that count as exposure.
    pub roles: Vec<&'static str>,
}

impl PairQuestion {
    /// Fills the gaps from the lake.
    ///
    /// # Errors
    /// [`RunError::Question`] naming what does not exist or what must be chosen.
    pub fn resolve(manifest: &Manifest, settings: &PairSettings) -> Result<Self, RunError> {
        let suspect = Role::ALL.into_iter().filter(|role| role.bit() & Role::SUSPECT != 0);
        let roles = if settings.roles.is_empty() {
            suspect.map(Role::code).collect()
        } else {
            role_codes(&settings.roles)?
        };
        Ok(Self { source: source_of(manifest, settings.source)?, roles })
    }

    /// The roles as bits.
    pub fn role_bits(&self) -> u8 {
        role_bits(&self.roles)
    }

    /// The id of this question put to a snapshot by this version of the program.
    pub(super) fn run_id(&self, dataset_id: &str) -> String {
        let text = format!(
            "iatro {}\n{dataset_id}\nevery pair\n{}\n{}\n",
            env!("CARGO_PKG_VERSION"),
            self.source,
            self.roles.join("|"),
        );
        sha256_text(&text).chars().take(16).collect()
    }
}
