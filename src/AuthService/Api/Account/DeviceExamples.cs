using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>The examples of known devices in the OpenAPI document of the Account API.</summary>
internal static class DeviceExamples
{
    public static readonly OperationExamples List = new()
    {
        Answers =
        {
            ["The browser that asks"] = new[]
            {
                new DeviceItem(
                    new("0199b2e9-2f11-7c20-9d4e-51a7c08e6b32"), "Firefox on Linux", "203.0.113.9",
                    Moment.AddDays(-40).ToUnixTimeMilliseconds(), Moment.ToUnixTimeMilliseconds(), TrustedUntil: null, Current: true),
            },
        },
    };

    public static readonly OperationExamples Forget = new() { Refusals = [AccountErrors.UnknownDevice] };
}
