using System.Security.Cryptography;
using System.Text.Json;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Idempotency;

/// <summary>A call that may be repeated without being done twice.</summary>
/// <param name="KeyHash">Of caller, route and key.</param>
/// <param name="RequestHash">Of what is asked for.</param>
internal sealed record IdempotentCall(byte[] KeyHash, byte[] RequestHash);

/// <summary>An answer as it goes out: what a repeat gets again.</summary>
internal sealed record Answer(int Status, string? ContentType, string? Location, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

internal abstract record IdempotentOutcome
{
    private IdempotentOutcome()
    {
    }

    /// <summary>Done now, or the answer of when it was done.</summary>
    internal sealed record Answered(Answer Answer) : IdempotentOutcome;

    /// <summary>It was done, but the encryption key of its answer is no longer configured.</summary>
    internal sealed record Unreadable : IdempotentOutcome;

    /// <summary>The key was used for a call that asked for something else.</summary>
    internal sealed record OtherRequest : IdempotentOutcome;
}

/// <summary>
/// Runs a call once for its idempotency key. What the call does and the answer that is kept of it are one transaction,
/// so there is never the one without the other, whoever dies when; a failed call leaves nothing, its key included.
/// </summary>
internal sealed class IdempotentCalls(Store store, KeptAnswerStore answers, IdempotencyLocks locks, SecretBox box, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(12);

    /// <summary>Answers are kept encrypted, or not at all.</summary>
    public bool CanKeep => box.HasKey;

    /// <param name="call">Which call it is.</param>
    /// <param name="run">Does it, with the store of the current scope.</param>
    public async Task<IdempotentOutcome> RunAsync(IdempotentCall call, Func<Task<Answer>> run)
    {
        if (await answers.FindAsync(call.KeyHash, clock.GetUtcNow()) is { } kept)
            return Repeat(call, kept);
        using var held = await locks.EnterAsync(call.KeyHash);
        return await store.InTransactionAsync<IdempotentOutcome>(RunFirstAsync, IsKept);

        async Task<IdempotentOutcome> RunFirstAsync()
        {
            await answers.LockAsync(call.KeyHash);
            if (await answers.FindAsync(call.KeyHash, clock.GetUtcNow()) is { } keptMeanwhile)
                return Repeat(call, keptMeanwhile);
            var answer = await run();
            if (answer.IsSuccess)
                await answers.KeepAsync(Seal(call, answer));
            return new IdempotentOutcome.Answered(answer);
        }
    }

    private static bool IsKept(IdempotentOutcome outcome) => outcome is IdempotentOutcome.Answered { Answer.IsSuccess: true };

    private KeptAnswer Seal(IdempotentCall call, Answer answer)
    {
        var (keyId, bytes) = box.Seal(JsonSerializer.SerializeToUtf8Bytes(answer, JsonSerializerOptions.Default), call.KeyHash);
        return new KeptAnswer
        {
            KeyHash = call.KeyHash,
            RequestHash = call.RequestHash,
            KeyId = keyId,
            SealedAnswer = bytes,
            ForgetAt = clock.GetUtcNow() + KeptFor,
        };
    }

    private IdempotentOutcome Repeat(IdempotentCall call, KeptAnswer kept)
    {
        if (!call.RequestHash.AsSpan().SequenceEqual(kept.RequestHash))
            return new IdempotentOutcome.OtherRequest();
        try
        {
            var opened = box.Open(new SealedValue(kept.KeyId, kept.SealedAnswer), call.KeyHash);
            return new IdempotentOutcome.Answered(JsonSerializer.Deserialize<Answer>(opened, JsonSerializerOptions.Default)!);
        }
        catch (CryptographicException)
        {
            return new IdempotentOutcome.Unreadable();
        }
    }
}
