package io.posthaste.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a gateway. A component is given its section, never the whole tree. A setting's key is its path in
 * this tree in kebab case; a size leaves out {@code Bytes}, because its unit stands in the value. Defaults and ranges
 * are in {@link ConfigLoader}, which reports all bad values at once.
 */
public record GatewayConfig(
        Admin admin,
        Redis redis,
        Queue queue,
        Dedupe dedupe,
        Inline inline,
        History history,
        Render render,
        Keys keys,
        Send send,
        Reports reports,
        Alerting alerts,
        Egress egress,
        Bin bin,
        Log log,
        Time time) {

    /**
     * @param host address the HTTP API listens on
     * @param port 0 picks a free one
     * @param token bearer token with every right, or null to keep a generated one in {@code tokenFile}
     * @param tokenFile where the generated token is kept (mode 600)
     * @param tokensFile more tokens, each with a name and a role; may be absent
     * @param allowedHosts values of {@code Host} accepted beside the address itself and localhost
     * @param behindProxy whether a proxy in front takes care of TLS; needed to listen beyond loopback
     * @param writesPerSecond of one address, over ten seconds; jobs are not counted
     * @param maskedNames more names of headers and URL parameters whose values are never shown; {@code *} stands for any
     *     characters (SEC-3)
     * @param tls what it shows of itself; without a certificate it speaks plain HTTP
     */
    public record Admin(
            String host,
            int port,
            @Nullable String token,
            Path tokenFile,
            Path tokensFile,
            List<String> allowedHosts,
            boolean behindProxy,
            int writesPerSecond,
            List<String> maskedNames,
            ServerTls tls) {
        public Admin {
            allowedHosts = List.copyOf(allowedHosts);
            maskedNames = List.copyOf(maskedNames);
        }

        @Override
        public String toString() {
            return "Admin[host=" + host + ", port=" + port + ", token=" + mask(token) + ", tokenFile=" + tokenFile
                    + ", tokensFile=" + tokensFile
                    + ", allowedHosts=" + allowedHosts + ", behindProxy=" + behindProxy + ", writesPerSecond="
                    + writesPerSecond + ", maskedNames=" + maskedNames
                    + "]";
        }
    }

    /**
     * @param uri {@code embedded}, {@code redis://…}, {@code rediss://…} or a comma-separated list for a cluster
     * @param shards fixed when the keyspace is created; 0 (auto) for as many as it has
     * @param commandTimeout how long one command or script may take
     * @param tls for {@code rediss://}
     */
    public record Redis(String uri, int shards, Duration commandTimeout, Embedded embedded, RedisTls tls) {

        /** @param fsync {@code always}, {@code everysec} or {@code no}: Redis' {@code appendfsync} */
        public record Embedded(int port, Path directory, String fsync) {}

        /** Whether the gateway starts a server of its own. */
        public boolean isEmbedded() {
            return uri.equals("embedded");
        }

        @Override
        public String toString() {
            // A password stands between the scheme and the last @ of each address.
            return "Redis[uri=" + uri.replaceAll("//[^,]*@", "//***@") + ", shards=" + shards + ", commandTimeout="
                    + commandTimeout + ", embedded=" + embedded + "]";
        }
    }

    /**
     * @param batch most jobs one claim may take
     * @param leaseMargin how much longer than the longest attempt a lease lasts
     * @param idlePoll longest wait between two claims while nothing is due
     * @param settleDelay how long settlements are gathered for one round trip
     * @param laneMaxInFlight leased jobs of one lane over all instances, unless its action says otherwise; 0 (auto) for half of
     *     what one instance has in flight, and 500 at least
     * @param maxReclaims how often a lease may run out before the job counts as one that kills its worker
     * @param resultsMaxLength entries kept on the results stream
     * @param quarantineMaxLength malformed inbox entries kept
     * @param drainTimeout how long a stop waits for attempts in flight
     */
    public record Queue(
            int batch,
            Duration leaseMargin,
            Duration idlePoll,
            Duration settleDelay,
            int laneMaxInFlight,
            int maxReclaims,
            int resultsMaxLength,
            int quarantineMaxLength,
            Duration drainTimeout) {

        Queue with(int newLaneMaxInFlight) {
            return new Queue(
                    batch,
                    leaseMargin,
                    idlePoll,
                    settleDelay,
                    newLaneMaxInFlight,
                    maxReclaims,
                    resultsMaxLength,
                    quarantineMaxLength,
                    drainTimeout);
        }
    }

    /** @param window how long an id stays known after its delivery ended; zero for not at all */
    public record Dedupe(Duration window) {}

    /** @param secrets whether actions that jobs carry may use secrets and are signed, whoever enqueues them */
    public record Inline(boolean secrets) {}

    /**
     * @param sentMax most sent deliveries that can be looked up
     * @param sent how long sent deliveries can be looked up
     * @param failed how long failed, aborted and cancelled deliveries are kept
     * @param requests memory for what sent deliveries were sent as, 0 to keep none
     * @param exchanges how much of attempts is kept beside their outcome: none, failed or all
     * @param customers whether ended deliveries can be looked up by the person they were for
     */
    public record History(
            int sentMax, Duration sent, Duration failed, long requests, String exchanges, boolean customers) {}

    /**
     * @param threads render workers; 0 for one per core
     * @param deadline longest time one rendering may take
     * @param maxSteps most steps of one rendering
     * @param maxOutputBytes most bytes of one rendered body, and of any value on the way
     * @param maxSourceBytes longest template
     * @param cacheBytes weight of all compiled templates kept
     * @param filters class names of additional filters
     * @param filterJars where these classes are, unless they are on the class path
     */
    public record Render(
            int threads,
            Duration deadline,
            int maxSteps,
            int maxOutputBytes,
            int maxSourceBytes,
            long cacheBytes,
            List<String> filters,
            List<Path> filterJars) {
        public Render {
            filters = List.copyOf(filters);
            filterJars = List.copyOf(filterJars);
        }
    }

    /**
     * @param signing the workspace's signing key, or null to keep a generated one in {@code signingFile}
     * @param signingFile where the generated key is kept (mode 600)
     * @param reporting the key that signs reports, or null to keep a generated one in {@code reportingFile}
     * @param reportingFile where the generated key is kept (mode 600)
     * @param grace how long a replaced key still signs beside the new one (M52)
     * @param encryption the keys under which Redis holds secrets and signing keys, the first for writing; or null for
     *     those in {@code encryptionFile}
     * @param encryptionFile where a generated one is kept (mode 600)
     */
    public record Keys(
            @Nullable String signing,
            Path signingFile,
            @Nullable String reporting,
            Path reportingFile,
            Duration grace,
            @Nullable String encryption,
            Path encryptionFile) {
        @Override
        public String toString() {
            return "Keys[signing=" + mask(signing) + ", signingFile=" + signingFile + ", reporting=" + mask(reporting)
                    + ", reportingFile=" + reportingFile + ", grace=" + grace + ", encryption=" + mask(encryption)
                    + ", encryptionFile=" + encryptionFile + "]";
        }
    }

    /**
     * @param maxInFlight attempts in flight in this process; 0 (auto) for as many as it has room for
     * @param maxInFlightPerHost attempts in flight to one host in this process; 0 (auto) for half of them
     * @param connectionsPerHost pooled connections to one host; 0 (auto) for one for each attempt
     * @param maxIdle how long an idle connection is kept
     * @param maxLife how long any connection is kept
     * @param dnsTimeout longest time one name look-up may take
     * @param maxResponseBytes how much of a response body is read
     * @param headerPrefix prefix of the automatic headers
     * @param allowAddresses CIDRs, optionally with a port, that may be dialled though they are not public
     * @param denyAddresses CIDRs, optionally with a port, that are never dialled
     * @param allowPorts ports that may be dialled though browsers refuse them
     */
    public record Send(
            int maxInFlight,
            int maxInFlightPerHost,
            int connectionsPerHost,
            Duration maxIdle,
            Duration maxLife,
            Duration dnsTimeout,
            int maxResponseBytes,
            String headerPrefix,
            List<String> allowAddresses,
            List<String> denyAddresses,
            List<Integer> allowPorts) {
        public Send {
            allowAddresses = List.copyOf(allowAddresses);
            denyAddresses = List.copyOf(denyAddresses);
            allowPorts = List.copyOf(allowPorts);
        }

        Send with(int newInFlight, int newInFlightPerHost, int newConnectionsPerHost) {
            return new Send(
                    newInFlight,
                    newInFlightPerHost,
                    newConnectionsPerHost,
                    maxIdle,
                    maxLife,
                    dnsTimeout,
                    maxResponseBytes,
                    headerPrefix,
                    allowAddresses,
                    denyAddresses,
                    allowPorts);
        }
    }

    /**
     * @param maxLength events kept for reporting webhooks that have not had them yet
     * @param retention how long an event is tried before it is given up
     */
    public record Reports(int maxLength, Duration retention) {}

    /**
     * @param ipAddresses the addresses receivers see, served as a list (M15, M16)
     * @param proxy {@code http://[user:password@]host:port} between the gateway and receivers; empty for none
     * @param noProxy hosts that are reached without it
     * @param judgeNames whether names are looked up and judged here before the proxy is asked for them
     */
    public record Egress(List<String> ipAddresses, String proxy, List<String> noProxy, boolean judgeNames) {
        public Egress {
            ipAddresses = List.copyOf(ipAddresses);
            noProxy = List.copyOf(noProxy);
        }

        /** What {@code proxy} says; null for none. */
        public @Nullable EgressProxy proxyAddress() {
            return EgressProxy.parse(proxy);
        }

        @Override
        public String toString() {
            return "Egress[" + ipAddresses + ", " + proxy.replaceAll("//.*@", "//***@") + "]";
        }
    }

    /** @param enabled whether the request bin is served (M88) */
    public record Bin(boolean enabled) {}

    /** @param scale test only: retry delays are divided by it */
    public record Time(double scale) {}

    /**
     * @param format {@code text} or {@code json}
     * @param level of our own events, at start
     */
    public record Log(String format, String level) {}

    GatewayConfig with(Queue newQueue, Send newSend) {
        return new GatewayConfig(
                admin, redis, newQueue, dedupe, inline, history, render, keys, newSend, reports, alerts, egress, bin,
                log, time);
    }

    private static String mask(@Nullable String secret) {
        return secret == null ? "from file" : "***";
    }
}
