//! A server on loopback that speaks the protocol as a script tells it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use prost::Message;
use tokio::net::TcpListener;
use tokio_stream::StreamExt as _;
use tonic::body::Body;
use tonic::codegen::{BoxStream, Service, http};
use tonic::server::{Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use super::script::{Asker, Fault, Script, messages, spoil};
use crate::connect::message::{
    AnalyzePlanRequest, AnalyzePlanResponse, Analyzed, CommandKind, ExecutePlanRequest,
    ExecutePlanResponse, InterruptRequest, InterruptResponse, Payload, Plan, PlanKind,
    ReattachExecuteRequest, RelationKind, ReleaseExecuteRequest, ReleaseExecuteResponse,
    ReleaseSessionRequest, ReleaseSessionResponse, VersionText, details_of_class,
};

/// What a test sees of the server.
#[derive(Default)]
struct State {
    script: Mutex<Script>,
    uploaded: Mutex<Vec<RecordBatch>>,
    interrupted: AtomicUsize,
    released: AtomicUsize,
    goodbyes: AtomicUsize,
    answers: Mutex<Vec<Underway>>,
}

/// An operation under way, what answers it, and whether the script's faults are for it.
type Underway = (String, Vec<Vec<i64>>, bool);

/// The server; it ends when dropped.
pub(super) struct Fake {
    port: u16,
    state: Arc<State>,
    ending: Option<tokio::sync::oneshot::Sender<()>>,
    ended: mpsc::Receiver<()>,
}

impl Fake {
    pub(super) fn start(script: Script) -> Self {
        Self::start_over(script, None)
    }

    /// The same over TLS, for those who bring a token.
    pub(super) fn start_tls(script: Script, identity: Identity) -> Self {
        Self::start_over(script, Some(identity))
    }

    fn start_over(script: Script, identity: Option<Identity>) -> Self {
        let state = Arc::new(State { script: Mutex::new(script), ..State::default() });
        let (ending, end) = tokio::sync::oneshot::channel::<()>();
        let (told, port) = mpsc::channel();
        let (last, ended) = mpsc::channel();
        let service = FakeService { state: Arc::clone(&state), closed: identity.is_some() };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                told.send(listener.local_addr().unwrap().port()).unwrap();
                let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
                let mut server = Server::builder();
                if let Some(identity) = identity {
                    let tls = ServerTlsConfig::new().identity(identity);
                    server = server.tls_config(tls).unwrap();
                }
                let serving = server.add_service(service).serve_with_incoming(incoming);
                tokio::select! {
                    _ = serving => {}
                    _ = end => {}
                }
            });
            let _ = last.send(());
        });
        Self { port: port.recv().unwrap(), state, ending: Some(ending), ended }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn interrupted(&self) -> usize {
        self.state.interrupted.load(Ordering::SeqCst)
    }

    pub(super) fn released(&self) -> usize {
        self.state.released.load(Ordering::SeqCst)
    }

    pub(super) fn goodbyes(&self) -> usize {
        self.state.goodbyes.load(Ordering::SeqCst)
    }

    pub(super) fn uploaded(&self) -> Vec<RecordBatch> {
        self.state.uploaded.lock().unwrap().clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(ending) = self.ending.take() {
            let _ = ending.send(());
        }
        let _ = self.ended.recv();
    }
}

impl State {
    /// What a plan is answered with, and whether the script's faults are for it.
    fn answer_to(&self, plan: Option<Plan>) -> (Vec<Vec<i64>>, bool) {
        match plan.and_then(|plan| plan.kind) {
            Some(PlanKind::Root(relation)) => match relation.kind {
                Some(RelationKind::Sql(sql)) => self.answer_to_sql(&sql.query),
                _ => panic!("rows of something that is no query"),
            },
            Some(PlanKind::Command(command)) => {
                let Some(CommandKind::CreateView(view)) = command.kind else { panic!("no view") };
                assert!(view.replace && !view.is_global);
                if let Some(RelationKind::Local(local)) = view.input.unwrap().kind {
                    self.keep(&local.data.unwrap());
                }
                (vec![], false)
            }
            None => panic!("no plan"),
        }
    }

    fn answer_to_sql(&self, query: &str) -> (Vec<Vec<i64>>, bool) {
        if query.contains("AS one") {
            (vec![vec![1]], false)
        } else if query.contains("COUNT(*)") {
            let rows: usize = self.uploaded.lock().unwrap().iter().map(RecordBatch::num_rows).sum();
            let lost = usize::from(self.script.lock().unwrap().loses_rows);
            (vec![vec![i64::try_from(rows - lost).unwrap()]], false)
        } else {
            (self.script.lock().unwrap().batches.clone(), true)
        }
    }

    fn keep(&self, data: &[u8]) {
        let reader = StreamReader::try_new(data, None).unwrap();
        self.uploaded.lock().unwrap().extend(reader.map(Result::unwrap));
    }

    /// The messages of one stream, behind the last that the client has.
    fn stream(&self, asker: &Asker, last: Option<&str>) -> Result<Vec<Step>, Status> {
        let answers = self.answers.lock().unwrap();
        let known = answers.iter().find(|(operation, ..)| *operation == asker.operation);
        let (_, batches, scripted) = known.ok_or_else(gone)?;
        let all = messages(batches, asker);
        let from = last.map_or(0, |last| {
            1 + all.iter().position(|message| message.response_id == last).unwrap()
        });
        let rest = all[from..].to_vec();
        let fault = if *scripted { self.next_fault() } else { None };
        steps(rest, fault)
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut script = self.script.lock().unwrap();
        if let Some(Fault::NeverComplete) = script.faults.front() {
            return Some(Fault::NeverComplete);
        }
        script.faults.pop_front()
    }
}

fn gone() -> Status {
    Status::internal("[INVALID_HANDLE.OPERATION_NOT_FOUND] the operation is not known")
}

/// A message, or what ends the stream.
enum Step {
    Message(Box<ExecutePlanResponse>),
    Break,
    Stall,
}

/// What a stream sends under a fault.
fn steps(mut rest: Vec<ExecutePlanResponse>, fault: Option<Fault>) -> Result<Vec<Step>, Status> {
    let mut end = None;
    match fault {
        Some(Fault::End(n)) => rest.truncate(n),
        Some(Fault::Break(n)) => {
            rest.truncate(n);
            end = Some(Step::Break);
        }
        Some(Fault::Stall(n)) => {
            rest.truncate(n);
            end = Some(Step::Stall);
        }
        Some(Fault::NeverComplete) => {
            rest.retain(|message| !matches!(message.payload, Some(Payload::Complete(_))));
        }
        Some(Fault::OnlyComplete) => {
            rest.retain(|message| matches!(message.payload, Some(Payload::Complete(_))));
        }
        Some(Fault::Gone) => return Err(gone()),
        Some(Fault::NoPath) => {
            return Err(Status::internal("[PATH_NOT_FOUND] Path does not exist: file:/nowhere"));
        }
        Some(Fault::Denied) => return Err(Status::unauthenticated("who are you")),
        Some(Fault::Unknown) => return Err(Status::unimplemented("no such call")),
        Some(Fault::Wordless) => {
            let details = details_of_class("PATH_NOT_FOUND").into();
            return Err(Status::with_details(tonic::Code::Internal, "", details));
        }
        Some(fault) => spoil(&mut rest, fault),
        None => {}
    }
    let sent = rest.into_iter().map(|message| Step::Message(Box::new(message)));
    Ok(sent.chain(end).collect())
}

#[derive(Clone)]
struct FakeService {
    state: Arc<State>,
    /// Only the token opens it.
    closed: bool,
}

impl NamedService for FakeService {
    const NAME: &'static str = "spark.connect.SparkConnectService";
}

impl Service<http::Request<Body>> for FakeService {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let state = Arc::clone(&self.state);
        let allowed = !self.closed
            || request.headers().get("authorization").is_some_and(|t| t == "Bearer sesame")
                && request.headers().get("x-cluster").is_some_and(|id| id == "7");
        let call = request.uri().path().rsplit('/').next().unwrap().to_owned();
        Box::pin(async move {
            if !allowed {
                return Ok(Status::unauthenticated("no token that is known").into_http());
            }
            Ok(match call.as_str() {
                "ExecutePlan" => streaming(request, move |asked| execute(&state, asked)).await,
                "ReattachExecute" => {
                    streaming(request, move |asked| reattach(&state, &asked)).await
                }
                "AnalyzePlan" => unary(request, move |asked| analyze(&state, &asked)).await,
                "ReleaseExecute" => unary(request, move |asked| release(&state, asked)).await,
                "Interrupt" => unary(request, move |asked| interrupt(&state, asked)).await,
                "ReleaseSession" => unary(request, move |asked| goodbye(&state, asked)).await,
                other => panic!("a call of {other}"),
            })
        })
    }
}

fn execute(state: &State, asked: ExecutePlanRequest) -> Result<Vec<Step>, Status> {
    assert_eq!(asked.request_options.len(), 1, "not to be taken up again");
    let asker = Asker { session: asked.session_id, operation: asked.operation_id.unwrap() };
    let (batches, scripted) = state.answer_to(asked.plan);
    state.answers.lock().unwrap().push((asker.operation.clone(), batches, scripted));
    state.stream(&asker, None)
}

fn reattach(state: &State, asked: &ReattachExecuteRequest) -> Result<Vec<Step>, Status> {
    let asker = Asker { session: asked.session_id.clone(), operation: asked.operation_id.clone() };
    state.stream(&asker, asked.last_response_id.as_deref())
}

fn analyze(state: &State, asked: &AnalyzePlanRequest) -> Result<AnalyzePlanResponse, Status> {
    assert!(asked.asked.is_some());
    let version = state.script.lock().unwrap().version.clone();
    let version = version.ok_or_else(|| Status::internal("No module named 'pyspark'"))?;
    Ok(AnalyzePlanResponse {
        server_side_session_id: "side".to_owned(),
        analyzed: Some(Analyzed::Version(VersionText { version })),
    })
}

fn release(state: &State, asked: ReleaseExecuteRequest) -> Result<ReleaseExecuteResponse, Status> {
    assert!(asked.release.is_some());
    state.released.fetch_add(1, Ordering::SeqCst);
    Ok(ReleaseExecuteResponse { operation_id: Some(asked.operation_id) })
}

fn interrupt(state: &State, asked: InterruptRequest) -> Result<InterruptResponse, Status> {
    assert_eq!(asked.interrupt_type, 3);
    state.interrupted.fetch_add(1, Ordering::SeqCst);
    Ok(InterruptResponse { interrupted_ids: asked.operation_id.into_iter().collect() })
}

fn goodbye(state: &State, asked: ReleaseSessionRequest) -> Result<ReleaseSessionResponse, Status> {
    state.goodbyes.fetch_add(1, Ordering::SeqCst);
    Ok(ReleaseSessionResponse { session_id: asked.session_id })
}

/// Serves a call with one answer.
async fn unary<Q, R>(
    request: http::Request<Body>,
    answer: impl FnOnce(Q) -> Result<R, Status> + Send + 'static,
) -> http::Response<Body>
where
    Q: Message + Default + Send + 'static,
    R: Message + Default + Send + 'static,
{
    Grpc::new(ProstCodec::<R, Q>::default()).unary(Once(Some(answer)), request).await
}

/// Serves a call that is answered by a stream.
async fn streaming<Q>(
    request: http::Request<Body>,
    answer: impl FnOnce(Q) -> Result<Vec<Step>, Status> + Send + 'static,
) -> http::Response<Body>
where
    Q: Message + Default + Send + 'static,
{
    let codec = ProstCodec::<ExecutePlanResponse, Q>::default();
    Grpc::new(codec).server_streaming(Once(Some(answer)), request).await
}

struct Once<F>(Option<F>);

impl<Q, R, F> UnaryService<Q> for Once<F>
where
    F: FnOnce(Q) -> Result<R, Status>,
    R: Send + 'static,
{
    type Response = R;
    type Future = std::future::Ready<Result<Response<R>, Status>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let answer = self.0.take().expect("called once");
        std::future::ready(answer(request.into_inner()).map(Response::new))
    }
}

impl<Q, F> ServerStreamingService<Q> for Once<F>
where
    F: FnOnce(Q) -> Result<Vec<Step>, Status>,
{
    type Response = ExecutePlanResponse;
    type ResponseStream = BoxStream<ExecutePlanResponse>;
    type Future = std::future::Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let answer = self.0.take().expect("called once");
        std::future::ready(answer(request.into_inner()).map(|steps| Response::new(sent(steps))))
    }
}

fn sent(steps: Vec<Step>) -> BoxStream<ExecutePlanResponse> {
    let stalls = steps.iter().any(|step| matches!(step, Step::Stall));
    let said = steps.into_iter().filter_map(|step| match step {
        Step::Message(message) => Some(Ok(*message)),
        Step::Break => Some(Err(Status::unavailable("the network is gone"))),
        Step::Stall => None,
    });
    let said = tokio_stream::iter(said.collect::<Vec<_>>());
    if stalls { Box::pin(said.chain(tokio_stream::pending())) } else { Box::pin(said) }
}
