//! The connection, and the calls made on it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataKey, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Status, Streaming};
use tonic_prost::ProstCodec;
use uuid::Uuid;

use super::message::UserContext;
use super::trouble::{chain, unreachable};
use super::{ConnectUrl, Options};

/// What the server may log of this client.
pub(super) const CLIENT: &str = concat!("iatro/", env!("CARGO_PKG_VERSION"));

/// A header that goes with every call.
type Header = (MetadataKey<Ascii>, MetadataValue<Ascii>);

/// A connection and the session on it.
pub(super) struct Link {
    pub(super) name: String,
    pub(super) options: Options,
    pub(super) session_id: String,
    user_id: String,
    channel: Channel,
    headers: Vec<Header>,
    /// The id of the server's side of the session, once it has named one.
    server_side: Mutex<Option<String>>,
}

impl Link {
    /// Connects. The session itself is made by the server with the first call.
    pub(super) async fn open(url: &ConnectUrl, options: Options) -> Result<Self, SessionError> {
        let name = format!("Spark at {}", url.place());
        let unusable = |said: String| {
            SessionError::new(SessionErrorKind::Refused, &name, "reading the address", said)
        };
        let endpoint = endpoint(url, &options).map_err(|error| unusable(chain(&error)))?;
        let headers = headers(url).map_err(unusable)?;
        let channel = connect(&endpoint, 2 * options.connect, &name).await?;
        Ok(Self {
            name,
            options,
            session_id: new_id(),
            user_id: url.user_id.clone().unwrap_or_else(|| "iatro".to_owned()),
            channel,
            headers,
            server_side: Mutex::new(None),
        })
    }

    pub(super) fn user(&self) -> Option<UserContext> {
        Some(UserContext { user_id: self.user_id.clone() })
    }

    /// The server's side of the session, as far as it is known.
    pub(super) fn observed(&self) -> Option<String> {
        self.server_side.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds what a response says of the server's side against what it said before.
    pub(super) fn observe(&self, id: &str) -> Result<(), String> {
        if id.is_empty() {
            return Ok(());
        }
        let mut known = self.server_side.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(|| id.to_owned());
        if known.as_str() == id {
            return Ok(());
        }
        Err(format!(
            "its side of the session was {known} and is now {id}: it was restarted, and its tables are gone"
        ))
    }

    /// A call with one answer, within a time.
    pub(super) async fn unary<Q, R>(
        &self,
        call: &str,
        message: Q,
        within: Duration,
    ) -> Result<R, Status>
    where
        Q: prost::Message + 'static,
        R: prost::Message + Default + 'static,
    {
        let answered = async {
            let (mut grpc, path) = self.ready(call).await?;
            grpc.unary(self.request(message), path, ProstCodec::<Q, R>::default()).await
        };
        match tokio::time::timeout(within, answered).await {
            Ok(answer) => answer.map(tonic::Response::into_inner),
            Err(_) => Err(Status::unavailable(format!("no answer within {} s", within.as_secs()))),
        }
    }

    /// A call that is answered by a stream.
    pub(super) async fn stream<Q, R>(&self, call: &str, message: Q) -> Result<Streaming<R>, Status>
    where
        Q: prost::Message + 'static,
        R: prost::Message + Default + 'static,
    {
        let (mut grpc, path) = self.ready(call).await?;
        let codec = ProstCodec::<Q, R>::default();
        let answer = grpc.server_streaming(self.request(message), path, codec).await?;
        Ok(answer.into_inner())
    }

    async fn ready(&self, call: &str) -> Result<(Grpc<Channel>, PathAndQuery), Status> {
        let path = PathAndQuery::try_from(format!("/spark.connect.SparkConnectService/{call}"))
            .map_err(|error| Status::internal(error.to_string()))?;
        let mut grpc =
            Grpc::new(self.channel.clone()).max_decoding_message_size(self.options.message_bytes);
        grpc.ready().await.map_err(|error| Status::from_error(Box::new(error)))?;
        Ok((grpc, path))
    }

    fn request<Q>(&self, message: Q) -> Request<Q> {
        let mut request = Request::new(message);
        for (name, value) in &self.headers {
            request.metadata_mut().insert(name.clone(), value.clone());
        }
        request
    }
}

/// A random id, as the protocol wants one for sessions and operations.
pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// Each step of connecting has a time of its own but the look-up of the server's name, which this ends.
async fn connect(
    endpoint: &Endpoint,
    within: Duration,
    name: &str,
) -> Result<Channel, SessionError> {
    match tokio::time::timeout(within, endpoint.connect()).await {
        Ok(connected) => connected.map_err(|error| unreachable(name, "connecting", &error)),
        Err(_) => {
            let said = format!("no answer within {} s", within.as_secs_f64());
            Err(SessionError::new(SessionErrorKind::Lost, name, "connecting", said))
        }
    }
}

fn endpoint(url: &ConnectUrl, options: &Options) -> Result<Endpoint, tonic::transport::Error> {
    let scheme = if url.tls { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{}", url.place()))?
        .user_agent(CLIENT)?
        .connect_timeout(options.connect)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(options.keep_alive)
        .keep_alive_timeout(options.keep_alive_timeout)
        .keep_alive_while_idle(true);
    if !url.tls {
        return Ok(endpoint);
    }
    // The endpoint's own time covers reaching the port alone, not what TLS says after it.
    let mut tls = ClientTlsConfig::new().with_enabled_roots().timeout(options.connect);
    if let Some(pem) = &options.certificates {
        tls = tls.ca_certificate(Certificate::from_pem(pem));
    }
    endpoint.tls_config(tls)
}

/// The headers of every call; what cannot be one is named without its value.
fn headers(url: &ConnectUrl) -> Result<Vec<Header>, String> {
    let mut pairs = url.headers.clone();
    if let Some(token) = &url.token {
        pairs.push(("authorization".to_owned(), format!("Bearer {token}")));
    }
    let read = |(name, value): (String, String)| {
        let key = MetadataKey::from_bytes(name.as_bytes()).ok();
        let mut value = MetadataValue::try_from(value).ok();
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        key.zip(value).ok_or_else(|| format!("\"{name}\" cannot be sent as a header"))
    };
    pairs.into_iter().map(read).collect()
}
