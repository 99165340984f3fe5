package io.posthaste.bench.load.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.bench.load.drive.Ledger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final int JOBS = 3 * 3 * Mix.ACTIONS;
    private static final long SECOND = 1_000_000;

    private final Ledger ledger = new Ledger("run", JOBS);
    private final Ends ends = new Ends("run", JOBS);
    private final int sent = first(number -> Mix.kind(number) == Kind.QUICK);
    private final int failed = first(number -> Mix.end(number) == End.FAILED);
    private final int discarded = first(number -> Mix.end(number) == End.DISCARDED);

    @Test
    void aRunInWhichAllGoesAsReceiversDecideIsGood() {
        IntStream.range(0, JOBS).forEach(this::goesWell);

        Accounts accounts = accounts();

        assertThat(accounts.areGood(0)).isTrue();
        assertThat(accounts.accepted()).isEqualTo(JOBS);
        assertThat(accounts.sent() + accounts.failed() + accounts.discarded()).isEqualTo(JOBS);
        assertThat(accounts.failed()).isPositive();
        assertThat(accounts.discarded()).isPositive();
        assertThat(accounts.counted()).isPositive();
    }

    @Test
    void aJobThatIsToldToBeSentAndNeverArrivedIsLost() {
        enqueue(sent);
        ends.note(id(sent), "sent");

        assertThat(accounts().lost()).isOne();
        assertThat(accounts().areGood(99)).isFalse();
    }

    @Test
    void aDraftThatArrivesThoughItWasDiscardedIsUnwanted() {
        enqueue(discarded);
        arrives(discarded, 1);
        ends.note(id(discarded), "cancelled");

        assertThat(accounts().unwanted()).isOne();
        assertThat(accounts().areGood(99)).isFalse();
    }

    @Test
    void aJobWithoutAnEndWithAnotherOrWithTwoIsFound() {
        enqueue(sent);
        arrives(sent, 1);
        assertThat(accounts().untold()).isOne();

        ends.note(id(sent), "failed");
        assertThat(accounts().wrong()).isOne();

        ends.note(id(sent), "sent");
        assertThat(accounts().wrong()).isZero();
        assertThat(accounts().toldTwice()).isOne();
        assertThat(accounts().areGood(99)).isFalse();
    }

    @Test
    void attemptsAndDraftsAreNoEnds() {
        enqueue(failed);
        ends.note(id(failed), "attempted");
        ends.note(id(failed), "drafted");

        assertThat(ends.count()).isZero();
        assertThat(accounts().untold()).isOne();
    }

    @Test
    void noMoreIsDeliveredAgainThanWasInFlightAtKills() {
        goesWell(sent);
        arrives(sent, 3);

        assertThat(accounts().extra()).isOne();
        assertThat(accounts().areGood(1)).isTrue();
        assertThat(accounts().areGood(0)).isFalse();
    }

    @Test
    void whatComesBeforeItIsDueIsEarly() {
        int scheduled = first(number -> Mix.kind(number) == Kind.SCHEDULED);
        enqueue(scheduled);
        arrives(scheduled, 0.5);
        ends.note(id(scheduled), "sent");

        assertThat(accounts().early()).isOne();
    }

    @Test
    void whoOvertakesInALineIsFound() {
        int ahead = first(number -> Mix.kind(number) == Kind.ORDERED);
        int behind = first(number ->
                number > ahead && Mix.action(number) == Mix.action(ahead) && Mix.line(number) == Mix.line(ahead));
        enqueue(ahead);
        enqueue(behind);
        arrives(ahead, 2);
        arrives(behind, 1);

        assertThat(accounts().disordered()).isOne();
    }

    @Test
    void anIdOfAnotherRunIsPassedBy() {
        ends.note("other-000000001", "sent");

        assertThat(ends.count()).isZero();
    }

    private void goesWell(int number) {
        enqueue(number);
        if (Mix.end(number) == End.SENT) {
            arrives(number, Mix.delayMillis(number) / 1e3 + 1 + number / 1e6);
        }
        ends.note(id(number), Mix.end(number).event());
    }

    private void enqueue(int number) {
        ledger.offer(number, SECOND);
        ledger.accept(number, SECOND);
    }

    private void arrives(int number, double secondsLater) {
        byte[] id = id(number).getBytes(US_ASCII);
        ledger.arrived(SECOND + Math.round(secondsLater * SECOND), 200, 1, id, 0, id.length);
    }

    private static String id(int number) {
        return SoakCommands.id("run", number);
    }

    private Accounts accounts() {
        return Accounts.of(ledger, ends, JOBS);
    }

    private static int first(IntPredicate is) {
        return IntStream.range(0, JOBS).filter(is).findFirst().orElseThrow();
    }
}
