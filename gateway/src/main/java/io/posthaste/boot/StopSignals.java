package io.posthaste.boot;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first asks for a stop, a second stops at once.
 *
 * <p>A shutdown hook cannot see the second signal, so this handles signals itself. The JDK offers that only as
 * {@code sun.misc.Signal}, which javac will not let pass without a warning; hence by reflection.
 */
public final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);

    private StopSignals() {}

    /** Runs {@code stop} on a thread of its own at the first signal. */
    public static void onFirst(Runnable stop) {
        AtomicInteger count = new AtomicInteger();
        Runnable received = () -> {
            if (count.incrementAndGet() == 1) {
                new Thread(stop, "posthaste-stop").start();
            } else {
                Runtime.getRuntime().halt(130);
            }
        };
        try {
            handle("TERM", received);
            handle("INT", received);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.atWarn().addKeyValue("cause", e.toString()).log("signals.unavailable");
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "posthaste-stop"));
        }
    }

    private static void handle(String name, Runnable received) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object relay = Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    received.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), relay);
    }
}
