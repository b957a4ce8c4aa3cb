//! What is asked: a relation whose rows are wanted, or a command.

/// A relation to compute, or a command to carry out.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Plan {
    #[prost(oneof = "PlanKind", tags = "1, 2")]
    pub(crate) kind: Option<PlanKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum PlanKind {
    #[prost(message, tag = "1")]
    Root(Relation),
    #[prost(message, tag = "2")]
    Command(Command),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Command {
    #[prost(oneof = "CommandKind", tags = "3")]
    pub(crate) kind: Option<CommandKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum CommandKind {
    #[prost(message, tag = "3")]
    CreateView(CreateView),
}

/// Gives a relation a name in this session.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct CreateView {
    #[prost(message, optional, tag = "1")]
    pub(crate) input: Option<Relation>,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(bool, tag = "3")]
    pub(crate) is_global: bool,
    #[prost(bool, tag = "4")]
    pub(crate) replace: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Relation {
    #[prost(oneof = "RelationKind", tags = "2, 10, 11")]
    pub(crate) kind: Option<RelationKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum RelationKind {
    #[prost(message, tag = "2")]
    Read(Read),
    #[prost(message, tag = "10")]
    Sql(Sql),
    #[prost(message, tag = "11")]
    Local(LocalRelation),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Sql {
    #[prost(string, tag = "1")]
    pub(crate) query: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Read {
    #[prost(oneof = "ReadKind", tags = "2")]
    pub(crate) kind: Option<ReadKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum ReadKind {
    #[prost(message, tag = "2")]
    DataSource(DataSource),
}

/// Files, as the server sees them.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DataSource {
    #[prost(string, optional, tag = "1")]
    pub(crate) format: Option<String>,
    #[prost(string, repeated, tag = "4")]
    pub(crate) paths: Vec<String>,
}

/// Rows that travel with the plan: an Arrow IPC stream.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct LocalRelation {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(crate) data: Option<Vec<u8>>,
}

impl Plan {
    /// The rows of a relation.
    pub(crate) fn rows_of(kind: RelationKind) -> Self {
        Self { kind: Some(PlanKind::Root(Relation { kind: Some(kind) })) }
    }

    /// A relation under a name; a view of that name is replaced.
    pub(crate) fn view(name: &str, kind: RelationKind) -> Self {
        let view = CreateView {
            input: Some(Relation { kind: Some(kind) }),
            name: name.to_owned(),
            is_global: false,
            replace: true,
        };
        let command = Command { kind: Some(CommandKind::CreateView(view)) };
        Self { kind: Some(PlanKind::Command(command)) }
    }
}

impl RelationKind {
    /// What a query gives.
    pub(crate) fn sql(query: &str) -> Self {
        Self::Sql(Sql { query: query.to_owned() })
    }

    /// A Parquet file. The place is a field of its own, never part of a text that is parsed.
    pub(crate) fn parquet(location: &str) -> Self {
        let source =
            DataSource { format: Some("parquet".to_owned()), paths: vec![location.to_owned()] };
        Self::Read(Read { kind: Some(ReadKind::DataSource(source)) })
    }

    /// An Arrow IPC stream.
    pub(crate) fn local(data: Vec<u8>) -> Self {
        Self::Local(LocalRelation { data: Some(data) })
    }
}
