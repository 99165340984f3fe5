package io.posthaste.deliver;

import io.posthaste.action.Action;
import io.posthaste.classify.StopSign;
import io.posthaste.deliver.limit.HostLimits;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Reply;
import io.posthaste.job.SignedRequest;
import io.posthaste.send.Target;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lease between two steps of {@link DeliveryPipeline}. A step takes what the one before it made, makes the next of it,
 * or ends it; what has ended passes by the steps that remain.
 */
sealed interface Course {
    /** Long enough that an outage is not asked at every turn, short enough that its end is not missed. */
    Duration UNTIL_REDIS_ANSWERS = Duration.ofSeconds(1);

    Flight flight();

    /** After find. */
    sealed interface Looked extends Course permits Found, Ended {}

    /** After admit. */
    sealed interface Judged extends Course permits Admitted, Ended {}

    /** After render. */
    sealed interface Made extends Course permits Rendered, Ended {}

    /** After sign. */
    sealed interface Ready extends Course permits Signed, Ended {}

    /** After send. */
    sealed interface Tried extends Course permits Replied, Ended {}

    /** After classify. */
    sealed interface Decided extends Course permits Setting, Halting, Ended {}

    /** Its action is there and can be used. */
    record Found(Flight flight, Action action) implements Looked {}

    /** There is time for it, its action is on, and its host has a place as far as one can tell. */
    record Admitted(Flight flight, Action action) implements Judged {}

    /** Its request is made, now or long ago. */
    record Rendered(Flight flight, Action action, RenderedRequest request, Target target) implements Made {}

    /** As it goes out. */
    record Signed(Rendered rendered, SignedRequest request) implements Ready {
        @Override
        public Flight flight() {
            return rendered.flight();
        }
    }

    /** @param place left once it is known what the reply says of the host */
    record Replied(Rendered rendered, HostLimits.Place place, Instant startedAt, Reply reply) implements Tried {
        @Override
        public Flight flight() {
            return rendered.flight();
        }
    }

    /** Delivered, and the answer sets attributes: once per delivery, however often it is sent (M73). */
    record Setting(Rendered rendered, Outcome.Delivered outcome, Reply.Answered reply) implements Decided {
        @Override
        public Flight flight() {
            return rendered.flight();
        }
    }

    /** Its receiver said stop, and its lane does before it is settled. */
    record Halting(Decided decided, StopSign.Pause sign) implements Decided {
        @Override
        public Flight flight() {
            return decided.flight();
        }
    }

    /** @param request what was rendered or is kept from before; null when nothing came to be */
    record Ended(Flight flight, Outcome outcome, @Nullable RenderedRequest request)
            implements Looked, Judged, Made, Ready, Tried, Decided {
        static Ended without(Flight flight, Outcome outcome) {
            return new Ended(flight, outcome, null);
        }

        /** Given back: Redis does not answer for what it needs, and may soon. */
        static Ended later(Flight flight) {
            return without(flight, new Outcome.Released(UNTIL_REDIS_ANSWERS));
        }

        static Ended failed(Flight flight, @Nullable String reason) {
            return without(flight, new Outcome.Failed(null, String.valueOf(reason), null));
        }
    }
}
