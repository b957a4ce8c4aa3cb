//! What can be wrong with an address. No message repeats a value that may be a secret.

/// Why an address cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// Another scheme.
    #[error("a Spark address begins with sc://, as in sc://host:15002")]
    Scheme,
    /// Parameters without the slash before them.
    #[error(
        "a slash stands before the parameters of a Spark address: sc://host:15002/;use_ssl=true"
    )]
    NoSlash,
    /// Something between the slash and the first parameter.
    #[error(
        "a Spark address has no path; after the slash come parameters: sc://host:15002/;use_ssl=true"
    )]
    Path,
    /// No host, or one with characters that no host has.
    #[error(
        "\"{host}\" is no host; expected a name or an address, as in sc://host:15002 or sc://[::1]:15002"
    )]
    Host {
        /// What stands there.
        host: String,
    },
    /// A port that is none.
    #[error("\"{port}\" is no port; expected a number from 1 to 65535")]
    Port {
        /// What stands there.
        port: String,
    },
    /// A parameter without `=`.
    #[error(
        "parameter {number} has no value; parameters are written name=value and divided by ; (within a value \
         write %3B for ;)"
    )]
    NoValue {
        /// Which one, from 1. Not its text: it may be the end of a token.
        number: usize,
    },
    /// A parameter twice.
    #[error("the parameter \"{name}\" is given twice; give it once")]
    Repeated {
        /// The parameter.
        name: String,
    },
    /// A parameter that is not known: ignoring it could mean another server or another user than meant.
    #[error(
        "the parameter \"{name}\" is not known; known are token, use_ssl, user_id and headers that begin with x-"
    )]
    Unknown {
        /// The parameter.
        name: String,
    },
    /// A value that is not understood.
    #[error("the value of \"{name}\" is not understood; expected {expected}")]
    Value {
        /// The parameter.
        name: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A token that could be read on the way.
    #[error(
        "use_ssl=false would send the token to {host} for anyone on the way to read; leave use_ssl out, or \
         connect to a server on this machine"
    )]
    TokenInTheOpen {
        /// The host.
        host: String,
    },
}
