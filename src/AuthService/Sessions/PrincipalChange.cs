using System.Linq.Expressions;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions;

/// <summary>What is changed of a principal, and what goes with it in the same transaction.</summary>
/// <param name="Principal">As it was read.</param>
/// <param name="Set">Sets the columns; is given the principal as it is once its row is locked, since names and address may have changed.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
internal sealed record PrincipalChange(Principal Principal, Action<UpdateSettersBuilder<Principal>, Principal> Set, string Event)
{
    public string? Detail { get; init; }

    public bool SetsPassword { get; init; }

    /// <summary>The new password is set with a token, for which the mailbox or the old password is enough: it lifts no stop of codes.</summary>
    public bool IsByToken { get; init; }

    /// <summary>The person has shown that the new address is theirs.</summary>
    public bool ConfirmsAddress { get; init; }

    public bool RevokesSessions { get; init; } = true;

    public bool RevokesImpersonations { get; init; }

    /// <summary>Of everybody whose tokens the principal narrowed for itself.</summary>
    public bool RevokesDelegations { get; init; }

    public bool DeletesApiKeys { get; init; }

    public bool RemovesAdministrator { get; init; }

    /// <summary>What must still be so of the principal when it is changed.</summary>
    public Expression<Func<Principal, bool>> OnlyIf { get; init; } = _ => true;

    /// <summary>What else belongs to it, once it is sure that it is made, at its moment.</summary>
    public Func<DateTimeOffset, Task>? Also { get; init; }

    public Notice? Notice { get; init; }

    /// <summary>What an administrator changes of the profile.</summary>
    public ProfileChange Profile { get; init; } = ProfileChange.None;

    /// <summary>Whether an administrator gives the principal another e-mail address, or takes the one away.</summary>
    public bool ReplacesAddressOf(Principal before) =>
        MailAddress.MailboxOf(Profile.ApplyTo(before.Profile).Email) != MailAddress.MailboxOf(before.Profile.Email);

    /// <summary>What the person hears: whoever sets it, of a new password. The address that an administrator has replaced takes nothing back.</summary>
    public IEnumerable<Notice> NoticesTo(Principal before, AuditActor by)
    {
        var replacesAddress = ReplacesAddressOf(before);
        if ((SetsPassword ? new Notice(MailKind.PasswordChanged) : Notice) is { } notice)
            yield return notice with { HasLink = !replacesAddress };
        if (replacesAddress)
            yield return AddressNotices.ReplacedBy(by.Actor, Profile.ApplyTo(before.Profile).Email);
    }
}
