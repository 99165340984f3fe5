package io.posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.testing.RedisServer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts against a model, step by step, over crashes of Redis. Longer with {@code -Dposthaste.model.steps=100000},
 * another run with {@code -Dposthaste.model.seed=N}.
 */
class QueueModelIT {
    private static final int STEPS = Integer.getInteger("posthaste.model.steps", 900);
    private static final long SEED = Long.getLong("posthaste.model.seed", 20_261_123L);
    private static final int CRASHES = 3;
    /** Enough for every mutation to show. */
    private static final int MUTANT_STEPS = 600;
    /** Real time has its part in each run: a mutation that needs a rare moment may survive a few of them. */
    private static final int MOST_SEEDS = 16;

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start("--appendfsync", "always");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void randomUseAndCrashesOfRedisKeepEveryPromise() {
        System.out.println("seed " + SEED + ", steps " + STEPS);
        try (QueueModel model = new QueueModel(server, SEED, UnaryOperator.identity())) {
            for (int i = 0; i < CRASHES; i++) {
                model.run(STEPS / CRASHES);
                model.crash();
            }
            model.drain();
        }
    }

    /** Otherwise a mutation could be "caught" by what is wrong without it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void theRealScriptsPassWhereMutationsFail(int seed) {
        try (QueueModel model = new QueueModel(server, seed, UnaryOperator.identity())) {
            model.run(MUTANT_STEPS);
            model.drain();
        }
    }

    /** One textual change of a script that would break a promise. */
    record Mutation(String name, String from, String to) {
        String apply(String text) {
            return text.replace(from, to);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mutation> mutations() {
        return List.of(
                new Mutation("no fencing", "elseif own[i] and own[i] == ARGV[o + 1] then", "elseif own[i] then"),
                new Mutation(
                        "late success ignored",
                        "elseif kind == S or kind == U then result[i]",
                        "elseif false then result[i]"),
                new Mutation(
                        "late success of an ended job accepted",
                        "if rc('HGET', kIds, ARGV[o + 2]) ~= entry then count('stale'); return 0 end",
                        ""),
                new Mutation(
                        "slot leak in settle",
                        "      lane.busy = lane.busy - 1\n      done[entry] = true",
                        "      done[entry] = true"),
                new Mutation("the version of a person is not compared", "~= U or ARGV", "~= 0 or ARGV"),
                new Mutation("a late update is not compared", "  if outdated(o, kind) then return 2 end\n", ""),
                new Mutation(
                        "an outdated update ends the job", "if outdated(o, kind) then result[i] = 2\n    else", "do"),
                new Mutation("the person is not written", "  setPerson(o)\n", ""),
                new Mutation(
                        "the version of a person stays",
                        "version = version == 0 and us or version + 1",
                        "version = version == 0 and us or version"),
                new Mutation("a person is written for the journey's attributes", "  if id == '' then return end\n", ""),
                new Mutation(
                        "what was set is not told",
                        "event(o, 'sent', '', 'attributes', ARGV[o + 13], also(o))",
                        "event(o, 'sent', '')"),
                new Mutation("a failed update writes", "  if problem == '' then event", "  if true then event"),
                new Mutation("every lane's leases are the longest", "(lane.attempt or LONGEST)", "LONGEST"),
                new Mutation(
                        "what a lane is told is not kept",
                        "cap, rate, attempt = ARGV[4], ARGV[6], ARGV[7]",
                        "cap = ARGV[4]"),
                new Mutation(
                        "a token does not tell its length",
                        "us + seconds * 1000000 + length",
                        "us + seconds * 1000000"),
                new Mutation("tokens of a claim are not apart", "us = us + (64 - us % 64) % 64", ""),
                new Mutation(
                        "leased with one token, told another",
                        "rest[o + 2] = of[i].token",
                        "rest[o + 2] = string.format('%.0f', us)"),
                new Mutation("slot leak in reclaim", "  lane.busy = max(0, lane.busy - 1)\n", ""),
                new Mutation(
                        "no re-offer when a slot is freed",
                        "if lane.was >= lane.cap and lane.busy < lane.cap then offerHead(lane) end",
                        ""),
                new Mutation(
                        "no duplicate check",
                        "if (alive[i] and alive[i] ~= entry) or ended[i] then",
                        "if ended[i] then"),
                new Mutation("no duplicate check within a batch", "elseif seen[id] then", "elseif false then"),
                new Mutation(
                        "a retry is not offered",
                        "  wake(name, at)\nend\n\nlocal function stay",
                        "end\n\nlocal function stay"),
                new Mutation(
                        "a retry is not queued",
                        "for name, list in pairs(due) do wide('ZADD', DUE .. name, list) end",
                        ""),
                new Mutation("the state is not kept", "wide('HSET', kState, keptStates)\n", ""),
                new Mutation("the body is not kept", "wide('HSET', kParked, bodies)\n", ""),
                new Mutation(
                        "leased work stays queued",
                        "for i = 1, #cuts, 2 do rc('ZREMRANGEBYRANK', cuts[i], 0, cuts[i + 1]) end",
                        ""),
                new Mutation(
                        "one too many removed from a lane", "cuts[#cuts + 1] = k - 1 end", "cuts[#cuts + 1] = k end"),
                new Mutation(
                        "the limit of a lane ignored",
                        "  local free = lane.cap - lane.busy\n",
                        "  local free = 1000\n"),
                new Mutation("a pause ignored", "  if lane.paused > ms then return 0, lane.paused end\n", ""),
                new Mutation("the lease is not ended", "wide('ZREM', kLeased, unlease)\n", ""),
                new Mutation("a settlement is not reported", "if REPORTS then report(o, action, kind, reason) end", ""),
                new Mutation(
                        "a cancellation is not reported",
                        "  if REPORTS then tell(fields.id",
                        "  if false then tell(fields.id"),
                new Mutation("the id stays alive", "wide('HDEL', kIds, goneIds)\n", ""),
                new Mutation("the body stays", "wide('XDEL', kInbox, gone)\n", ""),
                new Mutation("a parked body stays in the inbox", "wide('XDEL', kInbox, unparked)\n", ""),
                new Mutation("the state stays", "wide('HDEL', kState, goneKept)\n", ""),
                new Mutation(
                        "what a late success left behind stays",
                        "  keptAny[entry], states[entry] = true, rc('HGET', kState, entry)",
                        "  --"),
                new Mutation("a cancelled retry goes on", "if cancelAny and", "if false and"),
                new Mutation(
                        "redrive does not offer",
                        "  offer(lanes[name], ms)\n  rc('ZREM', from, entry)",
                        "  rc('ZREM', from, entry)"),
                new Mutation("redrive keeps it failed", "  rc('ZREM', from, entry)\n", ""),
                new Mutation("a resent delivery is not offered", "offer(lanes[lane], ms)\nsaveIndex()", "saveIndex()"),
                new Mutation("what is alive is sent again", "if rc('HGET', kIds, id) then return 0 end\n", ""),
                new Mutation("what was sent again can be once more", "or standing == 0 then return 0", "then return 0"),
                new Mutation("an operation takes every action", "(action ~= '' and fields.action ~= action)", "false"),
                new Mutation(
                        "an operation takes every reason",
                        "if reason ~= '' and not string.find(state.reason, reason, 1, true) then return nil end",
                        ""),
                new Mutation(
                        "an operation goes on with what came later",
                        "if upto == 0 or upto > ms then upto = ms end",
                        "upto = ms + 3600000"),
                new Mutation("an operation does more than it may", ", op.most - op.done)", ", 1000)"),
                new Mutation("an operation is faster than it may", "max(1, floor(op.rate * PAUSE / 1000))", "1000"),
                new Mutation(
                        "an operation leaves out what shares a time",
                        "if quota <= 0 then op.at = before; return",
                        "if quota <= 0 then return"),
                new Mutation("an operation forgets what it did", "op.at, 'done', op.done", "op.at, 'done', 0"),
                new Mutation("an operation never ends", "if through then", "if false then"),
                new Mutation(
                        "the same operation runs twice", "'wish') == wish then return", "'wish') == 0 then return"),
                new Mutation("a cancelled operation goes on", "if rc('ZREM', kRunning, id) == 0 then return 0 end", ""),
                new Mutation(
                        "what was never attempted is cancelled with the retries",
                        "if state.attempts == 0 then return false end",
                        ""),
                new Mutation("the wrong entry handed out", "out[#out + 1] = whole[i]", "out[#out + 1] = es[i]"),
                new Mutation("the cursor is not moved", "    rc('HSET', kMeta, 'cursor', cursor)\n", ""),
                new Mutation(
                        "woken lanes are forgotten", "  for i = 1, #names do offerHead(lanes[names[i]]) end\n", ""),
                new Mutation("waiting jobs are not offered", "offer(lanes[name], lanes[name].first);", ""),
                new Mutation(
                        "reclaimed jobs are not queued",
                        "    rc('ZADD', DUE .. name, due, entry)\n    wake(name, due)",
                        "    wake(name, due)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void theModelCatches(Mutation mutation) {
        boolean[] applied = {false};
        UnaryOperator<String> mutate = text -> {
            String changed = mutation.apply(text);
            applied[0] |= !changed.equals(text);
            return changed;
        };

        boolean caught = false;
        for (int seed = 1; seed <= MOST_SEEDS && !caught; seed++) {
            caught = isCaught(seed, mutate);
        }

        assertThat(applied[0]).as("the text to change is there").isTrue();
        assertThat(caught).isTrue();
    }

    private static boolean isCaught(int seed, UnaryOperator<String> mutate) {
        try (QueueModel model = new QueueModel(server, seed, mutate)) {
            model.run(MUTANT_STEPS);
            model.drain();
            return false;
        } catch (AssertionError expected) {
            return true;
        }
    }
}
