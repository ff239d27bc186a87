using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.SignIn.Devices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Account;

/// <summary>The routes for the browsers that a person has signed in with (src/AuthService/README.md#known-devices).</summary>
internal static class DeviceEndpoints
{
    public static void Map(RouteGroupBuilder devices)
    {
        devices.MapGet("", List).WithName("listOwnDevices").WithExamples(DeviceExamples.List)
            .WithSummary("Lists the browsers that the caller signed in with, the last used first");
        devices.MapDelete("/{id}", Forget).WithName("forgetOwnDevice").WithExamples(DeviceExamples.Forget)
            .WithSummary("Forgets one of the caller's browsers: it counts as unknown from now on; sessions stay")
            .Explains("id", "As the list names it, a UUID");
    }

    private static async Task<Ok<IReadOnlyList<DeviceItem>>> List(KnownDevices devices, DeviceCookie cookie, Caller caller, HttpContext context)
    {
        var current = cookie.Find(context.Request)?.HashFor(caller.Principal.FoldedId);
        var found = await devices.ListAsync(caller.Principal);
        return TypedResults.Ok<IReadOnlyList<DeviceItem>>([.. found.Select(device => DeviceItem.Of(device, current))]);
    }

    private static async Task<Results<NoContent, NotFoundError>> Forget(string id, KnownDevices devices, Caller caller) =>
        await devices.TryForgetAsync(caller.Principal, Ids.Read(id), caller.AuditActor)
            ? TypedResults.NoContent()
            : AccountErrors.UnknownDevice;
}
