package io.posthaste.api.live;

import io.posthaste.doctor.Finding;
import io.posthaste.host.HostsSeen;
import io.posthaste.job.SecretValues;
import io.posthaste.metrics.Activity;
import io.posthaste.metrics.HostLoad;
import io.posthaste.metrics.PrometheusPage;
import io.posthaste.queue.browse.Deliveries;
import io.posthaste.store.alert.Alert;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * What the process tells about itself.
 *
 * @param readiness asked at each {@code /readyz}; must not block
 * @param metrics what Prometheus reads, by what its {@code Accept} says; must not block
 * @param ipAddresses the addresses receivers see (M16)
 * @param activity what was attempted in the last 15 minutes
 * @param depth the queue as it was last looked at; must not block
 * @param hosts those that slow their deliveries now; must not block
 * @param gateway what this process is called
 * @param gateways names of those that share the keyspace; must not block
 * @param alerts what is wrong for long; must not block
 * @param doctor looks for what breaks in production; blocks
 * @param seen what gateways know of receivers' hosts, without secrets
 */
public record Insight(
        Supplier<Readiness> readiness,
        Function<String, PrometheusPage.Page> metrics,
        List<String> ipAddresses,
        Activity activity,
        Supplier<Deliveries.Depth> depth,
        Supplier<List<HostLoad>> hosts,
        String gateway,
        Supplier<List<String>> gateways,
        Supplier<List<Alert>> alerts,
        Supplier<List<Finding>> doctor,
        Supplier<Mono<HostsSeen>> seen) {

    /** The same without secrets in it: a host may be one. */
    public Insight without(Supplier<SecretValues> secrets) {
        Supplier<List<HostLoad>> hidden = () -> {
            SecretValues known = secrets.get();
            return hosts.get().stream()
                    .map(host -> new HostLoad(known.hide(host.host()), host.inFlight(), host.limit()))
                    .toList();
        };
        return new Insight(
                readiness, metrics, ipAddresses, activity, depth, hidden, gateway, gateways, alerts, doctor, seen);
    }
}
