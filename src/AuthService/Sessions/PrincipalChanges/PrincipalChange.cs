using System.Linq.Expressions;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore.Query;

namespace AuthService.Sessions.PrincipalChanges;

/// <summary>A change to a principal, with everything that is written in the same transaction.</summary>
/// <param name="Principal">The principal as it was read.</param>
/// <param name="Set">Sets the columns. It gets the principal as it is after its row was locked, because names and address may have changed.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
internal sealed record PrincipalChange(Principal Principal, Action<UpdateSettersBuilder<Principal>, Principal> Set, string Event)
{
    /// <summary>The detail of the audit entry.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether <see cref="Set"/> sets a password. Then failed sign-ins are forgotten and the person gets a notice.</summary>
    public bool SetsPassword { get; init; }

    /// <summary>
    /// Whether the new password is set with a token, for which the mailbox or the old password is enough. Such a change does not reset the limit on wrong
    /// second-factor codes.
    /// </summary>
    public bool IsByToken { get; init; }

    /// <summary>Whether the person has proved that the new address is theirs.</summary>
    public bool ConfirmsAddress { get; init; }

    /// <summary>Whether earlier sign-ins no longer count: the security stamp is raised and every session that concerns the principal is revoked.</summary>
    public bool RevokesSessions { get; init; } = true;

    /// <summary>Whether to revoke the sessions in which the principal impersonates somebody.</summary>
    public bool RevokesImpersonations { get; init; }

    /// <summary>Whether to revoke everybody's tokens and sessions that the principal extended.</summary>
    public bool RevokesDelegations { get; init; }

    public bool DeletesApiKeys { get; init; }

    /// <summary>Whether the principal is an enabled administrator and will not be one any more, so that another one must remain.</summary>
    public bool RemovesAdministrator { get; init; }

    /// <summary>The condition that the principal must still meet when it is changed.</summary>
    public Expression<Func<Principal, bool>> OnlyIf { get; init; } = _ => true;

    /// <summary>Further work in the same transaction, once the change is certain. It gets the time of the change.</summary>
    public Func<DateTimeOffset, Task>? Also { get; init; }

    /// <summary>The notice to the person; a new password has its own.</summary>
    public Notice? Notice { get; init; }

    /// <summary>The profile fields that an administrator changes.</summary>
    public ProfileChange Profile { get; init; } = ProfileChange.None;

    /// <summary>Returns whether an administrator replaces or removes the principal's e-mail address.</summary>
    public bool ReplacesAddressOf(Principal before) =>
        MailAddress.MailboxOf(Profile.ApplyTo(before.Profile).Email) != MailAddress.MailboxOf(before.Profile.Email);

    /// <summary>
    /// Lists the notices to send to the person. A new password is always reported, no matter who set it. When an administrator replaces the address, the notice
    /// to the old one has no link to undo the change.
    /// </summary>
    public IEnumerable<Notice> NoticesTo(Principal before, AuditActor by)
    {
        var replacesAddress = ReplacesAddressOf(before);
        if ((SetsPassword ? new Notice(MailKind.PasswordChanged) : Notice) is { } notice)
            yield return notice with { HasLink = !replacesAddress };
        if (replacesAddress)
            yield return AddressNotices.ReplacedBy(by.Actor, Profile.ApplyTo(before.Profile).Email);
    }
}
