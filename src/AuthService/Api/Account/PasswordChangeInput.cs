using System.Reflection;
using AuthService.Api.Http;
using AuthService.Principals;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Account;

/// <summary>The current password and the one that is to take its place.</summary>
internal sealed class PasswordChangeInput : IBoundInput, IBindableFromHttpContext<PasswordChangeInput>, IEndpointParameterMetadataProvider
{
    private readonly Password? _current;
    private readonly Password? _next;

    private PasswordChangeInput(Password? current, Password? next, ApiError? fault) => (_current, _next, Fault) = (current, next, fault);

    public ApiError? Fault { get; }

    public Password Current => _current ?? throw new InvalidOperationException("The body could not be read");

    public Password Next => _next ?? throw new InvalidOperationException("The body could not be read");

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(ChangePasswordRequest)));

    public static async ValueTask<PasswordChangeInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (body, fault) = await JsonBody.ReadAsync<ChangePasswordRequest>(context);
        if (body is null)
            return new PasswordChangeInput(null, null, fault);
        if (!Password.TryParse(body.CurrentPassword, out var current))
            return new PasswordChangeInput(null, null, AccountErrors.PasswordLength("currentPassword"));
        return Password.TryParse(body.NewPassword, out var next)
            ? new PasswordChangeInput(current, next, fault: null)
            : new PasswordChangeInput(null, null, AccountErrors.PasswordLength("newPassword"));
    }
}
