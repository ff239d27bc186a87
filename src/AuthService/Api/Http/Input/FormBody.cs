using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

internal static class FormBody
{
    /// <summary>Reads a form in which each field occurs only once. An empty part between two <c>&amp;</c> is ignored.</summary>
    public static async Task<ReadResult<IFormCollection>> ReadAsync(HttpContext context)
    {
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return form.Any(field => field.Key.Length > 0 && field.Value.Count > 1)
                ? ApiError.BadRequest("A field is given twice")
                : new ReadResult<IFormCollection>(form);
        }
        catch (IOException error)
        {
            return UnreadableBody.Refuse(context, error);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            return ApiError.BadRequest("The form is malformed");
        }
    }

    /// <summary>Reads a form, and refuses any other content type.</summary>
    public static async Task<ReadResult<IFormCollection>> ReadRequiredAsync(HttpContext context) => context.Request.HasFormContentType
        ? await ReadAsync(context)
        : ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Returns whether a check box was checked. Forms send this in several ways.</summary>
    public static bool IsOn(this IFormCollection form, string field) => form[field].ToString() is "true" or "on" or "1";
}
