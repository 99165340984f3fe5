package io.posthaste.api.delivery;

import io.posthaste.http.Response;
import io.posthaste.job.Attempt;
import io.posthaste.job.Delivery;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.queue.browse.Deliveries.Page;
import io.posthaste.queue.browse.Deliveries.Wanted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** All deliveries of a search, a line each, as they are found: at most {@value #MOST}. */
final class DeliveryExport {
    private static final int MOST = 100_000;
    private static final int PAGE = 500;
    private static final List<String> COLUMNS = List.of(
            "id",
            "action",
            "state",
            "reason",
            "customer",
            "host",
            "idempotency_key",
            "order",
            "enqueued_at",
            "updated_at",
            "attempts",
            "status",
            "duration_ms");

    private final Deliveries deliveries;
    private final DeliveryJson shown;
    private final Scheduler work;

    /** @param work where lines are put together */
    DeliveryExport(Deliveries deliveries, DeliveryJson shown, Scheduler work) {
        this.deliveries = deliveries;
        this.shown = shown;
        this.work = work;
    }

    /** JSON as the list has it. */
    Response lines(Wanted wanted) {
        return Response.lines(
                all(wanted).map(delivery -> bytes(shown.of(delivery).toString())));
    }

    /** The main things in columns, RFC 4180, with times in RFC 3339. */
    Response table(Wanted wanted) {
        Flux<byte[]> rows =
                Flux.just(COLUMNS).concatWith(all(wanted).map(this::cells)).map(DeliveryExport::row);
        return Response.lines(rows).as("text/csv; charset=utf-8");
    }

    private Flux<Delivery> all(Wanted wanted) {
        return Page.all(deliveries::list, wanted, PAGE)
                .publishOn(work, 1)
                .concatMapIterable(Page::deliveries, 1)
                .take(MOST);
    }

    private List<String> cells(Delivery delivery) {
        Stream<String> known = Stream.of(
                delivery.id(),
                delivery.action() == null ? "" : delivery.action(),
                shown.state(delivery),
                shown.reason(delivery),
                delivery.recipient().customer(),
                delivery.recipient().host(),
                delivery.key(),
                delivery.order() == null ? "" : delivery.order(),
                Instant.ofEpochMilli(delivery.enqueuedAtMillis()).toString(),
                Instant.ofEpochMilli(delivery.updatedAtMillis()).toString(),
                Integer.toString(delivery.attempts().size()));
        return Stream.concat(known, last(delivery.attempts())).toList();
    }

    private static Stream<String> last(List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return Stream.of("", "");
        }
        Attempt last = attempts.getLast();
        return Stream.of(last.status() == 0 ? "" : "" + last.status(), "" + last.elapsedMillis());
    }

    private static byte[] row(List<String> cells) {
        return bytes(cells.stream().map(DeliveryExport::cell).collect(Collectors.joining(",", "", "\r")));
    }

    /** What a spreadsheet would take for a formula is quoted as text: some of it is a receiver's words. */
    private static String cell(String text) {
        boolean isFormula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String safe = isFormula ? "'" + text : text;
        boolean isPlain = safe.chars().noneMatch(character -> ",\"\r\n".indexOf(character) >= 0);
        return isPlain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private static byte[] bytes(String line) {
        return (line + '\n').getBytes(StandardCharsets.UTF_8);
    }
}
