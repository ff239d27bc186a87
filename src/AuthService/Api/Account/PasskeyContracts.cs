using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using AuthService.SignIn.Passkeys;

namespace AuthService.Api.Account;

/// <summary>A passkey of the caller. Moments are milliseconds since 1970.</summary>
/// <param name="Id">What the other calls take.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it last signed in or proved an identity; null when it never did.</param>
/// <param name="Synced">Whether it may be on several devices; otherwise it is bound to the one that made it.</param>
internal sealed record PasskeyItem(Guid Id, string Name, long CreatedAt, long? LastUsedAt, bool Synced)
{
    public static PasskeyItem Of(Passkey passkey) => new(
        passkey.Id, passkey.Name, passkey.CreatedAt.ToUnixTimeMilliseconds(), passkey.LastUsedAt?.ToUnixTimeMilliseconds(), passkey.BackupEligible);
}

/// <param name="ChallengeId">Of the options.</param>
/// <param name="Credential">What <c>navigator.credentials.create</c> gave, in WebAuthn's JSON (<c>toJSON</c>).</param>
/// <param name="Name">By default that of the browser and the system.</param>
internal sealed record NewPasskeyRequest([property: Required] string? ChallengeId, [property: Required] JsonObject? Credential, string? Name = null);

/// <param name="Name">The new one.</param>
internal sealed record PasskeyPatch([property: Required] string? Name);
