//! A plan followed to its end, over as many streams as that takes.

use std::time::Duration;

use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use tokio::time::{Instant, sleep, timeout};
use tonic::{Status, Streaming};

use super::answer::{Answer, Whose};
use super::link::{CLIENT, Link, new_id};
use super::message::{
    ExecutePlanRequest, ExecutePlanResponse, INTERRUPT_OPERATION, InterruptRequest,
    InterruptResponse, Nothing, Plan, ReattachExecuteRequest, ReattachOptions, Release,
    ReleaseExecuteRequest, ReleaseExecuteResponse, RequestOption, Requested,
};
use super::trouble::{failed, is_of_the_network};
use super::version;

/// How often in a row a stream may break or end without news before the server is given up.
const STREAMS_WITHOUT_NEWS: u32 = 5;
/// A stream that lasted as long was no futile one, even without news: long queries are quiet.
const LASTED: Duration = Duration::from_secs(1);
/// How long a server may take to show that it is there, after a connection to it broke.
const SIGN_OF_LIFE: Duration = Duration::from_secs(4);
/// How long cleaning up on the server may take.
const CLEANING: Duration = Duration::from_secs(5);

/// Carries a plan out; the answer is complete, or there is an error.
pub(super) async fn carried_out(
    link: &Link,
    plan: Plan,
    doing: &str,
) -> Result<Answer, SessionError> {
    let operation = Operation { link, id: new_id(), doing };
    match timeout(link.options.deadline, operation.follow(plan)).await {
        Ok(Ok(answer)) => {
            operation.release().await;
            Ok(answer)
        }
        Ok(Err(error)) => {
            if error.kind != SessionErrorKind::Lost {
                operation.release().await;
            }
            Err(error)
        }
        Err(_) => {
            operation.interrupt().await;
            let said = format!("not finished after {:?}", link.options.deadline);
            Err(operation.error(SessionErrorKind::Deadline, said))
        }
    }
}

/// One plan under way on the server.
struct Operation<'a> {
    link: &'a Link,
    id: String,
    doing: &'a str,
}

impl Operation<'_> {
    /// Reads streams until the answer is complete.
    async fn follow(&self, plan: Plan) -> Result<Answer, SessionError> {
        let mut answer = Answer::default();
        let mut first = Some(plan);
        let mut without_news = 0;
        loop {
            let (began, before) = (Instant::now(), answer.last());
            let ended = match self.attach(first.take(), answer.last()).await {
                Ok(mut stream) => self.read(&mut stream, &mut answer).await?,
                Err(status) => Some(status),
            };
            if answer.is_complete() {
                return Ok(answer);
            }
            let futile = answer.last() == before && began.elapsed() < LASTED;
            without_news = if futile { without_news + 1 } else { 0 };
            self.may_go_on(ended, without_news).await?;
        }
    }

    /// Whether to take the stream up again: waits a little if so, gives the error if not.
    async fn may_go_on(
        &self,
        ended: Option<Status>,
        without_news: u32,
    ) -> Result<(), SessionError> {
        if let Some(status) = &ended {
            let error = failed(&self.link.name, self.doing, status);
            if !is_of_the_network(status) || without_news >= STREAMS_WITHOUT_NEWS {
                return Err(error);
            }
            version::sign_of_life(self.link, SIGN_OF_LIFE).await.map_err(|()| error)?;
        } else if without_news >= STREAMS_WITHOUT_NEWS {
            let said = format!("{without_news} streams in a row ended without a word");
            return Err(self.error(SessionErrorKind::Incomplete, said));
        }
        sleep(Duration::from_millis(50) * without_news).await;
        Ok(())
    }

    /// Starts the plan, or takes its stream up again behind the last message.
    async fn attach(
        &self,
        plan: Option<Plan>,
        last: Option<String>,
    ) -> Result<Streaming<ExecutePlanResponse>, Status> {
        let link = self.link;
        if let Some(plan) = plan {
            let reattach = Requested::Reattach(ReattachOptions { reattachable: true });
            let request = ExecutePlanRequest {
                session_id: link.session_id.clone(),
                user_context: link.user(),
                plan: Some(plan),
                client_type: Some(CLIENT.to_owned()),
                request_options: vec![RequestOption { kind: Some(reattach) }],
                operation_id: Some(self.id.clone()),
                observed: link.observed(),
            };
            return link.stream("ExecutePlan", request).await;
        }
        let request = ReattachExecuteRequest {
            session_id: link.session_id.clone(),
            user_context: link.user(),
            operation_id: self.id.clone(),
            client_type: Some(CLIENT.to_owned()),
            last_response_id: last,
            observed: link.observed(),
        };
        link.stream("ReattachExecute", request).await
    }

    /// Reads a stream to its end; returns the status that ended it, if one did.
    async fn read(
        &self,
        stream: &mut Streaming<ExecutePlanResponse>,
        answer: &mut Answer,
    ) -> Result<Option<Status>, SessionError> {
        let link = self.link;
        let whose = Whose { session_id: &link.session_id, operation_id: &self.id };
        while !answer.is_complete() {
            let message = match stream.message().await {
                Ok(Some(message)) => message,
                Ok(None) => return Ok(None),
                Err(status) => return Ok(Some(status)),
            };
            link.observe(&message.server_side_session_id)
                .map_err(|said| self.error(SessionErrorKind::Lost, said))?;
            answer
                .take(message, &whose, link.options.answer_bytes)
                .map_err(|said| self.error(SessionErrorKind::Incomplete, said))?;
        }
        Ok(None)
    }

    fn error(&self, kind: SessionErrorKind, said: String) -> SessionError {
        SessionError::new(kind, &self.link.name, self.doing, said)
    }

    /// Lets the server forget the operation, and end it if it still runs. That it may not hear this costs it memory for
    /// some minutes, so nothing is made of a failure.
    async fn release(&self) {
        let request = ReleaseExecuteRequest {
            session_id: self.link.session_id.clone(),
            user_context: self.link.user(),
            operation_id: self.id.clone(),
            client_type: Some(CLIENT.to_owned()),
            release: Some(Release::All(Nothing {})),
        };
        let _: Result<ReleaseExecuteResponse, Status> =
            self.link.unary("ReleaseExecute", request, CLEANING).await;
    }

    /// Asks the server to give the operation up, and then to forget it.
    async fn interrupt(&self) {
        let request = InterruptRequest {
            session_id: self.link.session_id.clone(),
            user_context: self.link.user(),
            client_type: Some(CLIENT.to_owned()),
            interrupt_type: INTERRUPT_OPERATION,
            operation_id: Some(self.id.clone()),
        };
        let heard: Result<InterruptResponse, Status> =
            self.link.unary("Interrupt", request, CLEANING).await;
        if heard.is_ok() {
            self.release().await;
        }
    }
}
