package io.posthaste.send.address;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up and hands on only addresses that may be dialled (SSRF-5, SSRF-6, SSRF-16). Fails with
 * {@link AddressNotPermittedException} when none may, with {@link UnknownHostException} when there is no answer in time.
 */
public final class GuardedResolverGroup extends AddressResolverGroup<InetSocketAddress> {
    private static final int MOST_ANSWERS = 32;
    private static final int MOST_NAMES = 10_000;

    private final AddressResolverGroup<InetSocketAddress> names;
    private final AddressPolicy policy;
    private final Duration timeout;
    private final Cache<String, List<InetAddress>> known;

    /**
     * @param names asked for every name; closed with this
     * @param timeout longest wait for one answer
     * @param kept how long an answer is used again
     */
    public GuardedResolverGroup(
            AddressResolverGroup<InetSocketAddress> names, AddressPolicy policy, Duration timeout, Duration kept) {
        this.names = names;
        this.policy = policy;
        this.timeout = timeout;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_NAMES)
                .expireAfterWrite(kept)
                .build();
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor, names.getResolver(executor));
    }

    @Override
    public void close() {
        super.close();
        names.close();
    }

    private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {
        private final AddressResolver<InetSocketAddress> delegate;

        Resolver(EventExecutor executor, AddressResolver<InetSocketAddress> delegate) {
            super(executor, InetSocketAddress.class);
            this.delegate = delegate;
        }

        /** Always false: IP literals arrive resolved and would pass by this resolver unseen (F1). */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> answer) {
            Promise<List<InetSocketAddress>> all = executor().newPromise();
            var unused = all.addListener(done -> {
                if (done.isSuccess()) {
                    answer.trySuccess(all.getNow().getFirst());
                } else {
                    answer.tryFailure(done.cause());
                }
            });
            doResolveAll(address, all);
        }

        @Override
        protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> answer) {
            if (!address.isUnresolved()) {
                filter(List.of(address.getAddress()), address.getPort(), answer);
                return;
            }
            List<InetAddress> cached = known.getIfPresent(address.getHostString());
            if (cached != null) {
                filter(cached, address.getPort(), answer);
            } else {
                lookUp(address, answer);
            }
        }

        private void lookUp(InetSocketAddress address, Promise<List<InetSocketAddress>> answer) {
            Future<?> limit = executor()
                    .schedule(
                            () -> answer.tryFailure(new UnknownHostException("no answer in time")),
                            timeout.toMillis(),
                            TimeUnit.MILLISECONDS);
            var unused = delegate.resolveAll(address).addListener((Future<List<InetSocketAddress>> found) -> {
                limit.cancel(false);
                if (found.isSuccess()) {
                    List<InetAddress> addresses = found.getNow().stream()
                            .limit(MOST_ANSWERS)
                            .map(InetSocketAddress::getAddress)
                            .toList();
                    known.put(address.getHostString(), addresses);
                    filter(addresses, address.getPort(), answer);
                } else {
                    answer.tryFailure(found.cause());
                }
            });
        }

        /** Judged at every use, cached or not: the policy knows the port, the answer does not. */
        private void filter(List<InetAddress> addresses, int port, Promise<List<InetSocketAddress>> answer) {
            List<InetSocketAddress> permitted = addresses.stream()
                    .filter(address -> policy.permits(address.getAddress(), port))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
            if (permitted.isEmpty()) {
                answer.tryFailure(new AddressNotPermittedException());
            } else {
                answer.trySuccess(permitted);
            }
        }
    }
}
