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
internal sealed record ChangeOfPrincipal(Principal Principal, Action<UpdateSettersBuilder<Principal>, Principal> Set, string Event)
{
    public string? Detail { get; init; }

    public bool SetsPassword { get; init; }

    public bool RevokesSessions { get; init; } = true;

    public bool RevokesImpersonations { get; init; }

    public bool DeletesApiKeys { get; init; }

    public bool RemovesAdministrator { get; init; }

    /// <summary>What must still be so of the principal when it is changed.</summary>
    public Expression<Func<Principal, bool>> OnlyIf { get; init; } = _ => true;

    /// <summary>What else belongs to it, once it is sure that it is made.</summary>
    public Func<Task>? Also { get; init; }

    public Notice? Notice { get; init; }

    /// <summary>Whoever sets it, the person hears of a new password.</summary>
    public Notice? NoticeInUse => SetsPassword ? new Notice(MailKind.PasswordChanged) : Notice;
}
