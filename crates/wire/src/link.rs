//! What a client stands on: a socket, a clock, chance and patience, and the setters for them.

use std::sync::Arc;
use std::time::Duration;

use crate::{
    Attempts, Class, Clock, HttpClient, Outcome, Random, ReqwestTransport, RetryPolicy,
    SystemClock, SystemRandom, Transport, TransportError, TransportOptions,
};

#[cfg(test)]
mod tests;

/// What every call of a client goes through.
#[derive(Clone, Debug)]
pub struct Link {
    /// Sends the requests.
    pub transport: Arc<dyn Transport>,
    /// Tells the time, and waits.
    pub clock: Arc<dyn Clock>,
    /// Spreads the waits.
    pub random: Arc<dyn Random>,
    /// How failures are repeated.
    pub retry: RetryPolicy,
    /// The longest wait for an answer's head, and for each piece of its body.
    pub timeout: Duration,
}

impl Link {
    /// The count of a call's attempts, of which the first begins now.
    #[must_use]
    pub fn attempts(&self, class: Class) -> Attempts<'_> {
        Attempts::new(&self.retry, class, self.clock.as_ref(), self.random.as_ref())
    }

    /// Does something until it succeeds or its failure stands. `outcome` tells how a failed attempt
    /// ended; `None` is a failure that another attempt cannot mend.
    ///
    /// # Errors
    /// The failure of the last attempt.
    pub async fn repeat<T, E, Fut>(
        &self,
        class: Class,
        attempt: impl FnMut() -> Fut,
        outcome: impl Fn(&E) -> Option<Outcome<'_>>,
    ) -> Result<T, E>
    where
        Fut: Future<Output = Result<T, E>>,
    {
        self.repeat_after(class, attempt, outcome, |wait| self.clock.sleep(wait)).await
    }

    /// Like [`repeat`](Self::repeat), but waits before another attempt the way `pause` does.
    ///
    /// # Errors
    /// The failure of the last attempt.
    pub async fn repeat_after<T, E, Fut, Wait>(
        &self,
        class: Class,
        mut attempt: impl FnMut() -> Fut,
        outcome: impl Fn(&E) -> Option<Outcome<'_>>,
        pause: impl Fn(Duration) -> Wait,
    ) -> Result<T, E>
    where
        Fut: Future<Output = Result<T, E>>,
        Wait: Future<Output = ()>,
    {
        let mut attempts = self.attempts(class);
        loop {
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let wait = outcome(&error).and_then(|outcome| attempts.next_wait(&outcome));
            let Some(wait) = wait else { return Err(error) };
            pause(wait).await;
        }
    }
}

/// Sets a [`Link`] up. A client's own builder embeds one, and takes its setters over with
/// [`link_setters!`](crate::link_setters).
#[derive(Clone, Debug)]
pub struct LinkBuilder {
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    retry: RetryPolicy,
    timeout: Duration,
}

impl LinkBuilder {
    /// The machine's clock and randomness, the default policy, and this timeout.
    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        Self {
            transport: None,
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom::new()),
            retry: RetryPolicy::default(),
            timeout,
        }
    }

    /// See [`Link::transport`].
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// See [`ReqwestTransport::from_client`].
    #[must_use]
    pub fn http_client(self, client: HttpClient) -> Self {
        self.transport(Arc::new(ReqwestTransport::from_client(client)))
    }

    /// See [`Link::clock`].
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// See [`Link::random`].
    #[must_use]
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// See [`Link::retry`].
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// See [`Link::timeout`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The link. `options` are those of the transport that is made when none was chosen.
    ///
    /// # Errors
    /// Those of [`ReqwestTransport::new`].
    pub fn build(self, options: &TransportOptions) -> Result<Link, TransportError> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(ReqwestTransport::new(options)?),
        };
        let Self { clock, random, retry, timeout, .. } = self;
        Ok(Link { transport, clock, random, retry, timeout })
    }
}

/// The setters of a [`LinkBuilder`], as methods of the builder that embeds it in the field named.
/// The text is the timeout unless said.
///
/// ```
/// use wire::LinkBuilder;
///
/// struct ClientBuilder {
///     link: LinkBuilder,
/// }
///
/// impl ClientBuilder {
///     wire::link_setters!(link, "30 s");
/// }
/// ```
#[macro_export]
macro_rules! link_setters {
    ($link:ident, $timeout:literal) => {
        /// Sends through this transport instead of one with default options.
        #[must_use]
        pub fn transport(mut self, transport: ::std::sync::Arc<dyn $crate::Transport>) -> Self {
            self.$link = self.$link.transport(transport);
            self
        }

        /// Sends with this `reqwest::Client`, which must not follow redirects: they would carry
        /// secrets to another address.
        #[must_use]
        pub fn http_client(mut self, client: $crate::HttpClient) -> Self {
            self.$link = self.$link.http_client(client);
            self
        }

        /// Tells the time, and waits, by this clock.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.$link = self.$link.clock(clock);
            self
        }

        /// Spreads its waits by this randomness.
        #[must_use]
        pub fn random(mut self, random: ::std::sync::Arc<dyn $crate::Random>) -> Self {
            self.$link = self.$link.random(random);
            self
        }

        /// How failures are repeated. What would act twice when sent twice never is.
        #[must_use]
        pub fn retry(mut self, retry: $crate::RetryPolicy) -> Self {
            self.$link = self.$link.retry(retry);
            self
        }

        /// The longest wait for an answer, and for each further piece of it;
        #[doc = concat!($timeout, " unless said.")]
        #[must_use]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.$link = self.$link.timeout(timeout);
            self
        }
    };
}
