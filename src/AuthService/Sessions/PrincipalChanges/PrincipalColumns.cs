using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions.PrincipalChanges;

/// <summary>Sets the columns of a principal for a change.</summary>
internal static class PrincipalColumns
{
    /// <summary>Sets an address after the person proved that they can read its mail.</summary>
    public static void SetAddress(this UpdateSettersBuilder<Principal> set, Principal before, string address, DateTimeOffset now)
    {
        var (profile, verifiedAt) = (before.Profile with { Email = address }, UnixMicroseconds.Rounded(now));
        set.SetProperty(p => p.Profile.Email, address)
            .SetProperty(p => p.FoldedEmail, profile.FoldedEmail)
            .SetProperty(p => p.SearchText, profile.ToSearchText(before.FoldedId))
            .SetProperty(p => p.EmailVerifiedAt, verifiedAt);
    }

    /// <summary>Sets the columns that an administrator changes.</summary>
    public static void Apply(this UpdateSettersBuilder<Principal> set, Principal before, PrincipalUpdate change)
    {
        var profile = change.Profile.ApplyTo(before.Profile);
        set.SetProperty(p => p.SearchText, profile.ToSearchText(before.FoldedId));
        if (MailAddress.MailboxOf(profile.Email) != MailAddress.MailboxOf(before.Profile.Email))
            set.SetProperty(p => p.FoldedEmail, profile.FoldedEmail).SetProperty(p => p.EmailVerifiedAt, (DateTimeOffset?)null);
        foreach (var (field, text) in change.Profile.Given)
            set.SetProperty(field.Column, text);
        if (change.PasswordHash is { } hash)
            set.SetProperty(p => p.PasswordHash, hash);
        if (change.Role is { } role)
            set.SetProperty(p => p.Role, role);
        if (change.State is { } state)
            set.SetProperty(p => p.State, state);
        if (change.State is PrincipalState.Disabled)
            set.SetProperty(p => p.RefreshTokenHash, (byte[]?)null).SetProperty(p => p.PreviousRefreshTokenHash, (byte[]?)null);
        if (change.CanImpersonate is { } canImpersonate)
            set.SetProperty(p => p.CanImpersonate, canImpersonate);
        if (change.AgreementAccepted is { } accepted)
            set.SetProperty(p => p.AgreementAccepted, accepted);
        if (change.PasswordResetRequested is { } requested)
            set.SetProperty(p => p.PasswordResetRequested, requested);
        if (change.Services.IsGiven)
            set.SetProperty(p => p.Services, change.Services.Value);
    }
}
