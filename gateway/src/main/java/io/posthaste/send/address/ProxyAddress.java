package io.posthaste.send.address;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.scheduler.Schedulers;

/** Where a proxy is. Looked up by the platform, as the operator's own machines are; anew now and then, in the background. */
public final class ProxyAddress implements Supplier<InetSocketAddress> {
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    private final String host;
    private final int port;
    private final LongSupplier nanoTime;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile InetSocketAddress address;
    private volatile long asOf;

    /** Blocks while the name is looked up. */
    public ProxyAddress(String host, int port, LongSupplier nanoTime) {
        this.host = host;
        this.port = port;
        this.nanoTime = nanoTime;
        this.address = new InetSocketAddress(host, port);
        this.asOf = nanoTime.getAsLong();
    }

    @Override
    public InetSocketAddress get() {
        if (nanoTime.getAsLong() - asOf > KEPT_NANOS && looking.compareAndSet(false, true)) {
            Schedulers.boundedElastic().schedule(this::look);
        }
        return address;
    }

    private void look() {
        InetSocketAddress found = new InetSocketAddress(host, port);
        if (!found.isUnresolved()) {
            address = found;
        }
        asOf = nanoTime.getAsLong();
        looking.set(false);
    }
}
