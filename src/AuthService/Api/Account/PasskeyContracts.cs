using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using AuthService.SignIn.Passkeys;

namespace AuthService.Api.Account;

/// <summary>A passkey of the caller. Times are in milliseconds since 1970.</summary>
/// <param name="Id">The passkey's id, as the calls that rename and remove it take it.</param>
/// <param name="Name">The name that the caller gave it.</param>
/// <param name="CreatedAt">When the passkey was created.</param>
/// <param name="LastUsedAt">When the passkey was last used to sign in or to reauthenticate; null when it never was.</param>
/// <param name="Synced">Whether the passkey can be synchronised to several devices. Otherwise it stays on the device that created it.</param>
internal sealed record PasskeyItem(Guid Id, string Name, long CreatedAt, long? LastUsedAt, bool Synced)
{
    public static PasskeyItem Of(Passkey passkey) => new(
        passkey.Id, passkey.Name, passkey.CreatedAt.ToUnixTimeMilliseconds(), passkey.LastUsedAt?.ToUnixTimeMilliseconds(), passkey.BackupEligible);
}

/// <param name="ChallengeId">The id of the challenge that came with the options.</param>
/// <param name="Credential">The result of <c>navigator.credentials.create</c> in WebAuthn's JSON (<c>toJSON</c>).</param>
/// <param name="Name">A name for the passkey; when missing, the name of the browser and the operating system.</param>
internal sealed record NewPasskeyRequest([property: Required] string? ChallengeId, [property: Required] JsonObject? Credential, string? Name = null);

/// <param name="Name">The new name.</param>
internal sealed record PasskeyPatch([property: Required] string? Name);
