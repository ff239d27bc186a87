using System.Security.Cryptography;
using System.Text.Json;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Idempotency;

/// <summary>A call that a client may repeat without having it done twice.</summary>
/// <param name="KeyHash">The hash of caller, route and key.</param>
/// <param name="RequestHash">The hash of the request.</param>
internal sealed record IdempotentCall(byte[] KeyHash, byte[] RequestHash);

/// <summary>A response as it is sent. A repeat gets the same again.</summary>
internal sealed record Answer(int Status, string? ContentType, string? Location, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

internal abstract record IdempotentOutcome
{
    private IdempotentOutcome()
    {
    }

    /// <summary>The response of this call, or of the first call with the key.</summary>
    internal sealed record Answered(Answer Answer) : IdempotentOutcome;

    /// <summary>The call was done before, but the encryption key of its response is no longer configured.</summary>
    internal sealed record Unreadable : IdempotentOutcome;

    /// <summary>The key was used for a different request.</summary>
    internal sealed record OtherRequest : IdempotentOutcome;
}

/// <summary>
/// Runs a call once for its idempotency key. The effects of the call and its stored response are one transaction, so a crash never leaves only one of them. A
/// failed call leaves nothing, not even its key.
/// </summary>
internal sealed class IdempotentCalls(Store store, KeptAnswerStore answers, IdempotencyLocks locks, SecretBox box, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(12);

    /// <summary>Whether responses can be stored: only encrypted, so only when a key is configured.</summary>
    public bool CanKeep => box.HasKey;

    /// <summary>Runs the call, or returns the stored response of an earlier one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="run">Executes the call with the store of the current scope.</param>
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
