package io.posthaste.api;

import io.posthaste.api.action.ActionRoutes;
import io.posthaste.api.action.FigureRoutes;
import io.posthaste.api.action.LanguageRoutes;
import io.posthaste.api.action.PreviewRoutes;
import io.posthaste.api.action.RecipeRoutes;
import io.posthaste.api.action.RunRoutes;
import io.posthaste.api.action.TestRoutes;
import io.posthaste.api.audit.AuditRoutes;
import io.posthaste.api.bin.BinRoutes;
import io.posthaste.api.bin.RequestBin;
import io.posthaste.api.check.SaveCheck;
import io.posthaste.api.delivery.DeliveryJson;
import io.posthaste.api.delivery.DeliveryRoutes;
import io.posthaste.api.delivery.DraftRoutes;
import io.posthaste.api.delivery.JobReader;
import io.posthaste.api.delivery.OperationRoutes;
import io.posthaste.api.delivery.QuarantineRoutes;
import io.posthaste.api.host.HostLimitRoutes;
import io.posthaste.api.live.HostRoutes;
import io.posthaste.api.live.Insight;
import io.posthaste.api.live.LiveState;
import io.posthaste.api.live.LogRoutes;
import io.posthaste.api.live.StatusRoutes;
import io.posthaste.api.person.PersonRoutes;
import io.posthaste.api.port.Backends;
import io.posthaste.api.port.Surroundings;
import io.posthaste.api.reporting.ReportingRoutes;
import io.posthaste.api.shards.ShardRoutes;
import io.posthaste.api.vault.ConnectionEntries;
import io.posthaste.api.vault.KeyRoutes;
import io.posthaste.api.vault.SecretEntries;
import io.posthaste.api.vault.SnippetEntries;
import io.posthaste.api.vault.VaultRoutes;
import io.posthaste.config.GatewayConfig;
import io.posthaste.http.AdminServer;
import io.posthaste.http.AdminSettings;
import io.posthaste.http.Api;
import io.posthaste.http.Guard;
import io.posthaste.http.HostRule;
import io.posthaste.http.Route;
import io.posthaste.http.RouteTable;
import io.posthaste.http.UnsafeListenerException;
import io.posthaste.job.SecretValues;
import io.posthaste.redact.Redaction;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The HTTP API, ready to be started: the route table, the guard before it and the server under both. */
public final class AdminApi {
    private final AdminSettings settings;
    private final Surroundings surroundings;
    private final LiveState live;
    private final Supplier<SecretValues> known;
    private final RouteTable routes;
    private final AdminServer server;

    /** {@link UnsafeListenerException} when it would listen to the network without TLS in front. */
    public AdminApi(
            AdminSettings settings, Backends backends, SaveCheck check, Insight insight, Surroundings surroundings) {
        GatewayConfig.Admin config = settings.listen();
        this.settings = settings;
        this.surroundings = surroundings;
        this.known = backends.vault()::values;
        Insight shown = insight.without(known);
        this.live = new LiveState(shown, backends.queue().deliveries(), surroundings.clock(), surroundings.work());
        this.routes = new RouteTable(routes(backends, check, shown, live, surroundings, settings));
        AdminServer.Limits limits = settings.bin() ? AdminServer.Limits.DEFAULT.withBin() : AdminServer.Limits.DEFAULT;
        this.server =
                new AdminServer(config.host(), config.port(), config.behindProxy(), config.tls(), limits, this::api);
    }

    private static List<Route> routes(
            Backends backends,
            SaveCheck check,
            Insight insight,
            LiveState live,
            Surroundings surroundings,
            AdminSettings settings) {
        Redaction redaction = new Redaction(settings.listen().maskedNames());
        List<Route> routes = new ArrayList<>(vaultRoutes(backends, check, surroundings));
        routes.addAll(new ActionRoutes(backends, check, redaction, surroundings).routes());
        routes.addAll(new ReportingRoutes(backends.reports(), check, redaction, surroundings.work()).routes());
        routes.addAll(new HostLimitRoutes(backends.hostLimits(), check).routes());
        routes.addAll(deliveryRoutes(backends, check, new DeliveryJson(redaction), surroundings));
        routes.addAll(new LanguageRoutes(backends.trial().language()).routes());
        routes.addAll(new RecipeRoutes().routes());
        routes.addAll(new PersonRoutes(backends, surroundings.work()).routes());
        routes.addAll(new FigureRoutes(backends, surroundings).routes());
        routes.addAll(new ShardRoutes(backends.queue().shards(), surroundings.work()).routes());
        routes.addAll(new AuditRoutes(surroundings.audit()).routes());
        routes.addAll(new LogRoutes().routes());
        routes.addAll(new StatusRoutes(insight, live, surroundings.work()).routes());
        routes.addAll(new HostRoutes(insight, surroundings.clock(), surroundings.work()).routes());
        routes.addAll(new DocumentRoutes().routes());
        routes.addAll(new Dashboard(surroundings.work()).routes());
        if (settings.bin()) {
            routes.addAll(new BinRoutes(new RequestBin(), surroundings.clock(), surroundings.work()).routes());
        }
        return routes;
    }

    private static List<Route> vaultRoutes(Backends backends, SaveCheck check, Surroundings surroundings) {
        List<Route> routes = new ArrayList<>();
        routes.addAll(new VaultRoutes<>(backends.vault(), new SecretEntries(backends.vault())).routes());
        routes.addAll(new VaultRoutes<>(backends.vault(), new SnippetEntries(backends.vault(), check)).routes());
        routes.addAll(new VaultRoutes<>(
                        backends.vault(), new ConnectionEntries(backends.vault(), check, surroundings.clock()))
                .routes());
        routes.addAll(new KeyRoutes(backends.vault(), surroundings).routes());
        return routes;
    }

    private static List<Route> deliveryRoutes(
            Backends backends, SaveCheck check, DeliveryJson shown, Surroundings surroundings) {
        JobReader jobs = new JobReader(check, surroundings.ids(), surroundings.clock());
        List<Route> routes = new ArrayList<>();
        routes.addAll(new DeliveryRoutes(backends, jobs, shown, surroundings, backends.vault()::values).routes());
        routes.addAll(new PreviewRoutes(backends, check, shown, surroundings).routes());
        routes.addAll(new TestRoutes(backends, shown, surroundings).routes());
        routes.addAll(new RunRoutes(backends, shown, surroundings).routes());
        routes.addAll(new OperationRoutes(backends.queue().operations(), surroundings.work()).routes());
        routes.addAll(new DraftRoutes(backends, shown, surroundings).routes());
        routes.addAll(new QuarantineRoutes(backends.queue().deliveries(), backends.vault()::values, surroundings.work())
                .routes());
        return routes;
    }

    /** What it answers; {@code openapi.json} describes the same. */
    List<Route> routes() {
        return routes.routes();
    }

    private Api api(int port) {
        HostRule hosts =
                new HostRule(settings.listen().host(), port, settings.listen().allowedHosts());
        Guard guard = new Guard(
                hosts, routes, settings.tokens(), settings.listen().writesPerSecond(), surroundings.nanoTime());
        return new Api(
                guard, surroundings.ids(), known, surroundings.outage(), surroundings.nanoTime(), surroundings.audit());
    }

    /** Binds and answers from then on; where, is the result. Blocks until bound. */
    public InetSocketAddress start() {
        live.start();
        return server.start();
    }

    /** Stops listening and lets answers under way finish for a moment. */
    public void stop() {
        live.stop();
        server.stop();
    }
}
