using System.Globalization;
using System.Reflection;
using AuthService.Api.Http;
using AuthService.Applications;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.AppTokens;

/// <summary>What an application is to be.</summary>
internal sealed class ApplicationInput(BodyReader body) : BodyInput(body), IBindableFromHttpContext<ApplicationInput>, IEndpointParameterMetadataProvider
{
    public ApplicationDetails Details { get; } = ReadApplication(body);

    public static async ValueTask<ApplicationInput?> BindAsync(HttpContext context, ParameterInfo parameter) => new(await BodyReader.ReadAsync(context));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new MayReadBody(typeof(ApplicationRequest)) { RefusesOtherTypes = true });
}

/// <summary>The <c>{app_id}</c> of a route.</summary>
internal sealed class ApplicationPath : IBoundInput, IEndpointParameterMetadataProvider
{
    private readonly ApplicationKey? _key;

    public static ApiError BadId => ApiError.Unprocessable(
        new InputFault(["path", "app_id"], $"app_id must be 1 to {ApplicationKey.LongestUid} letters, digits, '-', '_' and '.'", FaultTypes.WrongFormat));

    private ApplicationPath(ApplicationKey? key) => _key = key;

    public ApplicationKey Key => _key ?? throw new InvalidOperationException("The path could not be read");

    public ApiError? Fault => _key is null ? BadId : null;

    /// <summary>Always succeeds, so that the fault is answered in the surface's own words.</summary>
    public static bool TryParse(string? text, out ApplicationPath path)
    {
        path = new ApplicationPath(ApplicationKey.TryParse(text, out var key) ? key : null);
        return true;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ExplainsParameter(parameter.Name!, "The application's id (app_…) or its uid"));
}

/// <summary>Which part of the list of applications.</summary>
internal sealed class ApplicationPaging : IBoundInput, IBindableFromHttpContext<ApplicationPaging>, IEndpointParameterMetadataProvider
{
    private const int UsualLimit = 50;
    private const int MostAtOnce = 250;

    public static ApiError BadLimit => ApiError.Unprocessable(
        new InputFault(["query", "limit"], $"limit must be a whole number from 1 to {MostAtOnce}", FaultTypes.OutOfRange));

    private ApplicationPaging(int limit, ListPosition? position, bool descending, List<InputFault> faults)
    {
        (Limit, Position, Descending) = (limit, position, descending);
        Fault = faults.Count == 0 ? null : ApiError.Unprocessable(faults);
    }

    public ApiError? Fault { get; }

    public int Limit { get; }

    public ListPosition? Position { get; }

    public bool Descending { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ReadsParameter("limit", $"1 to {MostAtOnce}, as a rule {UsualLimit}") { IsNumber = true });
        builder.Metadata.Add(new ReadsParameter("iterator", "As the page before gave it"));
        builder.Metadata.Add(new ReadsParameter("order", "ascending (as a rule) or descending, by the time of creation"));
    }

    public static ValueTask<ApplicationPaging?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var faults = new List<InputFault>();
        var limit = UsualLimit;
        if (query["limit"].ToString() is { Length: > 0 } limitText
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostAtOnce))
            faults.AddRange(BadLimit.Faults);
        ListPosition? position = null;
        if (query["iterator"].ToString() is { Length: > 0 } iterator && !ListPosition.TryParse(iterator, out position))
            faults.Add(new InputFault(["query", "iterator"], "iterator must be one that a page of this list gave", FaultTypes.WrongFormat));
        var order = query["order"].ToString();
        if (order is not ("" or "ascending" or "descending"))
            faults.Add(new InputFault(["query", "order"], "order must be ascending or descending", FaultTypes.WrongFormat));
        return ValueTask.FromResult<ApplicationPaging?>(new ApplicationPaging(limit, position, order is "descending", faults));
    }
}

/// <summary>The flag <c>?get_if_exists</c>, by which clients ask for an application whether or not there is one already.</summary>
internal sealed class GetIfExists : IBoundInput, IBindableFromHttpContext<GetIfExists>, IEndpointParameterMetadataProvider
{
    private const string Name = "get_if_exists";

    private GetIfExists(bool? value) => (Value, Fault) = (value ?? false, value is null
        ? ApiError.Unprocessable(new InputFault(["query", Name], $"{Name} must be true or false", FaultTypes.WrongType))
        : null);

    public ApiError? Fault { get; }

    public bool Value { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ReadsParameter(Name, "Instead of 409, the application that has the uid already (200)") { IsFlag = true });

    public static ValueTask<GetIfExists?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<GetIfExists?>(new GetIfExists(context.Request.Query[Name].ToString() switch
        {
            "true" => true,
            "" or "false" => false,
            _ => null,
        }));
}
