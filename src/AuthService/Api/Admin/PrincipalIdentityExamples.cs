using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Admin;

/// <summary>The examples of accounts at identity providers in the OpenAPI document of the Administration API.</summary>
internal static class PrincipalIdentityExamples
{
    private const string Issuer = "https://id.example.com";

    public static readonly OperationExamples List = new()
    {
        Answers =
        {
            ["One"] = new[]
            {
                new IdentityResponse(
                    new("0199b2e9-61c8-7f0b-a2d4-9c3e5b7a1f60"), "Example Corp", Issuer, "248289761001", ExampleValues.Email,
                    ExampleValues.Moment, ExampleValues.Moment.AddHours(2)),
            },
        },
        Refusals = [AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples Remove = new() { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownIdentity] };

    public static readonly OperationExamples Providers = new()
    {
        Answers = { ["One"] = new[] { new IdentityProviderResponse(1, "Example Corp", Issuer, People: 240) } },
    };
}
