package io.posthaste.deliver;

import io.posthaste.deliver.limit.Slots;
import io.posthaste.job.Lease;
import io.posthaste.render.RenderWorkers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Starts deliveries and sees to it that every slot comes back, whatever is thrown on the way. */
final class Flights {
    /** Leases handed to one render worker at once: enough to amortise the hand-over, few enough to use all workers. */
    private static final int CHUNK = 16;

    private final DeliveryPipeline pipeline;
    private final Executor workers;
    private final Slots slots;
    private final Bugs bugs;
    private final int maxReclaims;
    private final Runnable onRoom;
    private final Consumer<String> onTurn;

    /**
     * @param workers run render and sign; never an event loop
     * @param maxReclaims how many leases of a job may run out before it ends
     * @param onRoom told when a slot came back and there was none before
     * @param onTurn told the shard on which the next of a line may be due now
     */
    Flights(
            DeliveryPipeline pipeline,
            Executor workers,
            Slots slots,
            Bugs bugs,
            int maxReclaims,
            Runnable onRoom,
            Consumer<String> onTurn) {
        this.pipeline = pipeline;
        this.workers = workers;
        this.slots = slots;
        this.bugs = bugs;
        this.maxReclaims = maxReclaims;
        this.onRoom = onRoom;
        this.onTurn = onTurn;
    }

    /** Takes a slot for each lease and starts its delivery on a worker; never blocks. */
    void start(List<Lease> leases) {
        for (int from = 0; from < leases.size(); from += CHUNK) {
            List<Lease> chunk = leases.subList(from, Math.min(from + CHUNK, leases.size()));
            Instant takenAt = pipeline.now();
            List<Flight> flights = chunk.stream()
                    .map(lease -> new Flight(lease, slots.take(lease), takenAt))
                    .toList();
            try {
                workers.execute(new Chunk(flights));
            } catch (RejectedExecutionException refused) {
                bugs.tell("delivery.refused", refused);
                flights.forEach(this::finished);
            }
        }
    }

    /** Should one of them not come back from its rendering, another thread starts those behind it. */
    private final class Chunk implements RenderWorkers.Batch {
        private final List<Flight> flights;
        private final AtomicInteger next = new AtomicInteger();

        Chunk(List<Flight> flights) {
            this.flights = flights;
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < flights.size(); i = next.getAndIncrement()) {
                start(flights.get(i));
            }
        }
    }

    /** Reactor lets errors of the virtual machine through, those of a filter that does not link, say: they end here. */
    private void start(Flight flight) {
        try {
            pipeline.deliver(flight).subscribe(settled -> {}, bug -> abandoned(flight, bug), () -> finished(flight));
        } catch (Throwable bug) {
            abandoned(flight, bug);
        }
    }

    /**
     * Nothing is settled: the lease runs out and the job is claimed again, here or by a gateway that knows better. One
     * that has come back as often as a job may ends with what was thrown, which says more than that it crashes.
     */
    private void abandoned(Flight flight, Throwable bug) {
        bugs.tell("delivery.abandoned", bug, flight.job().id());
        if (flight.lease().past().reclaims() < maxReclaims) {
            finished(flight);
            return;
        }
        try {
            pipeline.giveUp(flight, bug).subscribe(settled -> {}, next -> stuck(flight, next), () -> finished(flight));
        } catch (Throwable next) {
            stuck(flight, next);
        }
    }

    /** Not even its end can be settled: the script that reclaims its lease ends it. */
    private void stuck(Flight flight, Throwable bug) {
        bugs.tell("delivery.stuck", bug, flight.job().id());
        finished(flight);
    }

    private void finished(Flight flight) {
        if (flight.permit().giveBack()) {
            onRoom.run();
        }
        if (flight.job().terms().order() != null) {
            onTurn.accept(flight.lease().hold().shard());
        }
    }
}
