//! What a failed call says beside its text: the class of the error, in Spark's own names.

use std::collections::HashMap;

use prost::Message as _;

#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct ErrorInfo {
    #[prost(map = "string, string", tag = "3")]
    metadata: HashMap<String, String>,
}

/// The error class ("PATH_NOT_FOUND", "INVALID_HANDLE.SESSION_CHANGED") in the details of a status; none if there are no
/// details, or none that can be read: they only refine what the status says.
pub(crate) fn error_class(details: &[u8]) -> Option<String> {
    let status = Status::decode(details).ok()?;
    let info = status.details.iter().find(|d| d.type_url.ends_with("google.rpc.ErrorInfo"))?;
    ErrorInfo::decode(info.value.as_slice()).ok()?.metadata.remove("errorClass")
}

/// Details that name a class, as a server sends them.
#[cfg(test)]
pub(crate) fn details_of_class(class: &str) -> Vec<u8> {
    let metadata = HashMap::from([("errorClass".to_owned(), class.to_owned())]);
    let value = ErrorInfo { metadata }.encode_to_vec();
    let type_url = "type.googleapis.com/google.rpc.ErrorInfo".to_owned();
    Status { details: vec![Any { type_url, value }] }.encode_to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_read_and_what_cannot_be_read_is_none() {
        let whole = details_of_class("PATH_NOT_FOUND");
        assert_eq!(error_class(&whole).as_deref(), Some("PATH_NOT_FOUND"));
        assert_eq!(error_class(&[]), None);
        assert_eq!(error_class(b"\xff\xff\xff"), None);
        for cut in 0..whole.len() {
            assert_eq!(error_class(whole.get(..cut).unwrap_or_default()), None, "cut at {cut}");
        }
    }
}
