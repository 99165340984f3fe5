package io.posthaste.send;

import io.netty.resolver.NoopAddressResolverGroup;
import io.posthaste.connection.Connection.Proxy;
import io.posthaste.send.HttpClients.Egress;
import io.posthaste.send.address.AddressPolicy;
import io.posthaste.send.address.ProxyAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/**
 * What is dialled: the receiver, or the proxy that is asked to connect to it. The guard judges what is dialled. A proxy that
 * the operator names is dialled whatever the address; one that a connection names must be at an address that may be.
 *
 * @param proxy null for none
 * @param address of the proxy; null for none
 * @param permitted addresses that may be dialled
 */
record Via(
        @Nullable Proxy proxy, @Nullable ProxyAddress address, Egress egress, Predicate<InetSocketAddress> permitted) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** @param ofConnection null for the gateway's own, if it has one */
    static Via of(@Nullable Proxy ofConnection, Egress egress, AddressPolicy policy) {
        Proxy proxy = ofConnection != null ? ofConnection : egress.proxy();
        if (proxy == null) {
            return new Via(null, null, egress, policy::permits);
        }
        ProxyAddress address = new ProxyAddress(proxy.host(), proxy.port(), System::nanoTime);
        boolean operators = ofConnection == null;
        return new Via(
                proxy,
                address,
                egress,
                dialled -> (operators && dialled.equals(address.get())) || policy.permits(dialled));
    }

    boolean permits(InetSocketAddress dialled) {
        return permitted.test(dialled);
    }

    boolean isUsedFor(Target target) {
        return proxy != null && !egress.direct().include(target.host());
    }

    /** Names are looked up by the proxy, unless they are to be judged here first. */
    HttpClient over(HttpClient client) {
        if (proxy == null || address == null) {
            return client;
        }
        HttpClient proxied = client.proxy(spec -> {
            ProxyProvider.Builder builder = spec.type(ProxyProvider.Proxy.HTTP)
                    .socketAddress(address)
                    .connectTimeoutMillis(CONNECT_TIMEOUT.toMillis());
            if (!egress.direct().isEmpty()) {
                builder.nonProxyHostsPredicate(this::isDirect);
            }
            if (!proxy.username().isEmpty()) {
                builder.username(proxy.username()).password(user -> proxy.password());
            }
        });
        return egress.judgesNames() || !egress.direct().isEmpty()
                ? proxied
                : proxied.resolver(NoopAddressResolverGroup.INSTANCE);
    }

    private boolean isDirect(SocketAddress target) {
        return target instanceof InetSocketAddress host && egress.direct().include(host.getHostString());
    }
}
