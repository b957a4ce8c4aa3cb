//! The narrow part of a phenopacket that a case needs, under both spellings that protobuf's JSON has.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Number;

use crate::exchange::object::Object;

pub(super) type List<T> = Vec<Object<T>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Packet {
    pub(super) id: Option<String>,
    pub(super) subject: Option<Object<Subject>>,
    #[serde(default, alias = "phenotypic_features")]
    pub(super) phenotypic_features: List<Feature>,
    #[serde(default)]
    pub(super) measurements: List<Measurement>,
    #[serde(default)]
    pub(super) biosamples: Vec<IgnoredAny>,
    #[serde(default)]
    pub(super) interpretations: List<Interpretation>,
    #[serde(default)]
    pub(super) diseases: List<Disease>,
    #[serde(default, alias = "medical_actions")]
    pub(super) medical_actions: List<Action>,
    #[serde(default)]
    pub(super) files: Vec<IgnoredAny>,
    #[serde(alias = "meta_data")]
    pub(super) meta_data: Option<Object<MetaData>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetaData {
    #[serde(alias = "phenopacket_schema_version")]
    pub(super) phenopacket_schema_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subject {
    pub(super) id: Option<String>,
    #[serde(alias = "date_of_birth")]
    pub(super) date_of_birth: Option<String>,
    pub(super) sex: Option<String>,
    #[serde(alias = "time_at_last_encounter")]
    pub(super) time_at_last_encounter: Option<Object<Time>>,
    #[serde(alias = "vital_status")]
    pub(super) vital_status: Option<Object<VitalStatus>>,
}

#[derive(Deserialize)]
pub(super) struct VitalStatus {
    pub(super) status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Time {
    pub(super) age: Option<Object<Age>>,
    pub(super) timestamp: Option<String>,
    pub(super) interval: Option<Object<Interval>>,
    #[serde(alias = "ontology_class")]
    pub(super) ontology_class: Option<Object<Class>>,
}

#[derive(Deserialize)]
pub(super) struct Age {
    pub(super) iso8601duration: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Interval {
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Class {
    pub(super) id: Option<String>,
    pub(super) label: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Feature {
    pub(super) r#type: Option<Object<Class>>,
    // Version 1 called it `negated`; read as an alias, since past it an absent feature would be a present one.
    #[serde(default, alias = "negated")]
    pub(super) excluded: bool,
    pub(super) onset: Option<Object<Time>>,
    pub(super) resolution: Option<Object<Time>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Measurement {
    pub(super) assay: Option<Object<Class>>,
    pub(super) value: Option<Object<Value>>,
    #[serde(alias = "complex_value")]
    pub(super) complex_value: Option<IgnoredAny>,
    #[serde(alias = "time_observed")]
    pub(super) time_observed: Option<Object<Time>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Value {
    pub(super) quantity: Option<Object<Quantity>>,
    #[serde(alias = "ontology_class")]
    pub(super) ontology_class: Option<Object<Class>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Quantity {
    pub(super) unit: Option<Object<Class>>,
    pub(super) value: Option<Number>,
    #[serde(alias = "reference_range")]
    pub(super) reference_range: Option<Object<Range>>,
}

#[derive(Deserialize)]
pub(super) struct Range {
    pub(super) unit: Option<Object<Class>>,
    pub(super) high: Option<Number>,
}

#[derive(Deserialize)]
pub(super) struct Disease {
    pub(super) term: Option<Object<Class>>,
    #[serde(default)]
    pub(super) excluded: bool,
    pub(super) onset: Option<Object<Time>>,
    pub(super) resolution: Option<Object<Time>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Interpretation {
    #[serde(alias = "progress_status")]
    pub(super) progress_status: Option<String>,
    pub(super) diagnosis: Option<Object<Diagnosis>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Diagnosis {
    #[serde(default, alias = "genomic_interpretations")]
    pub(super) genomic_interpretations: List<Genomic>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Genomic {
    #[serde(alias = "interpretation_status")]
    pub(super) interpretation_status: Option<String>,
    #[serde(alias = "variant_interpretation")]
    pub(super) variant_interpretation: Option<Object<Variant>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variant {
    #[serde(alias = "acmg_pathogenicity_classification")]
    pub(super) acmg_pathogenicity_classification: Option<String>,
    #[serde(alias = "variation_descriptor")]
    pub(super) variation_descriptor: Option<Object<Descriptor>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) id: Option<String>,
    #[serde(alias = "gene_context")]
    pub(super) gene_context: Option<Object<Gene>>,
    #[serde(alias = "allelic_state")]
    pub(super) allelic_state: Option<Object<Class>>,
}

#[derive(Deserialize)]
pub(super) struct Gene {
    pub(super) symbol: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Action {
    pub(super) treatment: Option<Object<Treatment>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Treatment {
    pub(super) agent: Option<Object<Class>>,
    #[serde(alias = "route_of_administration")]
    pub(super) route_of_administration: Option<Object<Class>>,
    #[serde(default, alias = "dose_intervals")]
    pub(super) dose_intervals: List<DoseInterval>,
}

#[derive(Deserialize)]
pub(super) struct DoseInterval {
    pub(super) quantity: Option<Object<Quantity>>,
    pub(super) interval: Option<Object<Interval>>,
}

impl Class {
    /// `HP:0001744 (Splenomegaly)`.
    pub(super) fn named(&self) -> String {
        match (&self.id, &self.label) {
            (Some(id), Some(label)) => format!("{id} ({label})"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => "without a term".to_owned(),
        }
    }
}
